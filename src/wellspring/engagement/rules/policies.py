"""From rules as people wrote them to what the planner decides by; refuses what cannot be kept."""

from collections.abc import Mapping, Sequence

from pyroaring import BitMap

from wellspring.engagement.contracts.rules import SPANS_MAX, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.rules.caps import Cap, Scope, ScopeKind, calendar, rolling
from wellspring.engagement.rules.quiet import Policy, Quiet, Span, covers, next_allowed
from wellspring.engagement.rules.zones import Zones, zone_of

_NAMED = frozenset({ScopeKind.CHANNEL, ScopeKind.TAG, ScopeKind.CAMPAIGN})
__all__ = ["Quiet", "caps_of", "covers", "next_allowed", "policy_of", "problem_of"]


def caps_of(drafts: Sequence[RuleDraft]) -> tuple[Cap, ...]:
    """The caps of these rules."""
    return tuple(_cap(draft) for draft in drafts if draft.kind is RuleKind.CAP and draft.is_on)


def policy_of(drafts: Sequence[RuleDraft], zones: Zones, everybody: BitMap) -> Policy | None:
    """The quiet hours of these rules; laws by the zones that they name. None where nothing is quiet."""
    own: Quiet = frozenset(span for draft in drafts if draft.kind is RuleKind.QUIET and draft.is_on for span in _spans(draft.spans))
    laws = tuple(
        (frozenset(_spans(draft.spans)), _covered(draft, zones, everybody))
        for draft in drafts
        if draft.kind is RuleKind.LAW and draft.is_on
    )
    return Policy(own, laws) if own or laws else None


def problem_of(draft: RuleDraft) -> tuple[str, str] | None:
    """Why a rule cannot be taken (field and reason), or None."""
    try:
        if draft.kind is RuleKind.CAP:
            if draft.cap is None:
                return "cap", "missing"
            if ScopeKind(draft.cap.scope) in _NAMED and not draft.cap.name:
                return "cap.name", "missing"
            _cap(draft)
        elif draft.kind is RuleKind.NEVER:
            return None if draft.audience_id else ("audience_id", "missing")
        elif not 1 <= len(draft.spans) <= SPANS_MAX:
            return "spans", f"1 to {SPANS_MAX}"
        else:
            list(_spans(draft.spans))
    except ValueError as refused:
        return draft.kind.value, str(refused)
    unknown = [name for name in draft.zones if zone_of(name) is None]
    return ("zones", unknown[0]) if unknown else None


def _cap(draft: RuleDraft) -> Cap:
    cap = draft.cap
    if cap is None:
        raise ValueError("no cap")
    kind = ScopeKind(cap.scope)
    window = calendar(cap.length) if cap.is_calendar else rolling(cap.length)
    return Cap(Scope(kind, cap.name if kind in _NAMED else ""), cap.times, window, cap.passed_from)


def _spans(spans: Sequence[SpanRule]) -> list[Span]:
    return [Span(span.start, span.end, frozenset(span.weekdays)) for span in spans]


def _covered(draft: RuleDraft, zones: Zones, everybody: BitMap) -> BitMap:
    if not draft.zones:
        return everybody
    by_name: Mapping[str, BitMap] = {zone.key: members for zone, members in zones.parts}
    found = BitMap().union(*(by_name.get(name, BitMap()) for name in draft.zones))
    return found | (everybody - BitMap().union(*by_name.values())) if zones.rest.key in draft.zones else found
