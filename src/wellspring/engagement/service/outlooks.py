"""What launching would come to, before it is launched: who gets it, who does not and why, through whom, and whom it crowds out."""

import datetime as dt

from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.audiences.contracts import Shown
from wellspring.content import api as content
from wellspring.engagement.contracts.campaigns import Campaign, CampaignDraft, CampaignStanding, Pressure, Rhythm, Timing, Variant
from wellspring.engagement.contracts.touches import Purpose, Why
from wellspring.engagement.errors.campaigns import CampaignRefused
from wellspring.engagement.repo import campaigns as repo
from wellspring.engagement.service import campaigns, holding, launching, progress, timing, touching
from wellspring.engagement.service.carrying import carrier
from wellspring.kernel.arms import OUTSIDE, Holdout, held_by
from wellspring.kernel.auth import Principal
from wellspring.kernel.sets import from_column, to_column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_GUIDES_MAX = 500
# Each name is a question of its own; further down the list their ids will do.
_NAMED_MAX = 100
_LEAD = dt.timedelta(hours=24)
_DRAFTED = "draft"


def pressure(ws: Workspace, draft: CampaignDraft, *, campaign_id: str = "") -> Pressure:
    """The outlook of a draft at the time when it would go; nothing is written, charged or exposed."""
    campaigns.check(draft)
    now = ws.clock.now()
    with ws.sql.read() as tx:
        campaign = _as_if(draft, campaign_id, now)
        at = campaigns.first(ws, tx, draft, now) or now
        audience = launching.audience_of(ws, draft)
        held_out = BitMap()
        if draft.purpose is Purpose.MARKETING:
            held_out = holding.held_out(ws, tx, "campaign", campaign.id, audience)
            held_out |= _would_hold(ws, campaign, audience - held_out)
        drawn = launching.draw(ws, tx, campaign, audience - held_out, 0, now, notes=False)
        return _summed(ws, tx, campaign, drawn, audience, held_out, at)


def audience_from(ws: Workspace, *, by: Principal, draft: CampaignDraft, reason: str, name: str, campaign_id: str = "") -> Shown:
    """Makes an audience of those who would be dropped for a reason. Raises CampaignRefused where that is nobody."""
    members = pressure(ws, draft, campaign_id=campaign_id).sets.get(reason)
    if not members:
        raise CampaignRefused(field="reason", reason=reason)
    return audiences.bring(ws, by=by, name=name, member_nos=members)


def _would_hold(ws: Workspace, campaign: Campaign, members: BitMap) -> BitMap:
    """Whom the control would hold once it is declared: by the same hash as `holding`."""
    share, column = campaign.draft.control_basis_points, to_column(members)
    if not share or not len(column):
        return BitMap()
    held = held_by([Holdout(f"{ws.slug}:campaign:{campaign.id}:control", share)], column)
    return from_column(column[held != OUTSIDE])


def _as_if(draft: CampaignDraft, campaign_id: str, now: dt.datetime) -> Campaign:
    return Campaign(campaign_id or _DRAFTED, draft, CampaignStanding.DRAFT, 1, None, 0, now, "", now, None)


def _summed(
    ws: Workspace, tx: Tx, campaign: Campaign, drawn: launching.Drawn, audience: BitMap, held_out: BitMap, at: dt.datetime
) -> Pressure:
    draft = campaign.draft
    sets: dict[str, BitMap] = {Why.HELD_OUT.value: held_out} if held_out else {}
    held: dict[dt.datetime, int] = {}
    guides: dict[str, list[int]] = {}
    crowds: dict[tuple[str, str], int] = {}
    variants, planned = [], BitMap()
    for place, (variant, members) in enumerate(zip(draft.variants, drawn.arms, strict=True)):
        ask = launching.ask_of(campaign, variant, place, 0, at)
        variants.append((variant.name, len(members)))
        for release_at, here in _parts(ws, tx, draft, variant, members, at):
            seen = touching.preview(ws, tx, ask, here, release_at)
            planned |= seen.asked.planned
            for later, waiting in seen.asked.held:
                held[later] = held.get(later, 0) + len(waiting)
            for reason, dropped in seen.asked.dropped.items():
                sets[reason] = sets.get(reason, BitMap()) | dropped
            for guide, days in zip(seen.guides, seen.outlook.by_guide_and_day.tolist(), strict=True):
                known = guides.setdefault(guide, [0] * len(days))
                guides[guide] = [before + more for before, more in zip(known + [0] * len(days), days, strict=False)]
            for booking, lost in seen.outlook.crowds_out:
                key = (booking.touching.campaign, booking.touching.channel)
                crowds[key] = crowds.get(key, 0) + len(lost)
    names = repo.names(tx, [origin for origin, _ in crowds])
    most = sorted(((guide, tuple(days)) for guide, days in guides.items() if guide), key=lambda pair: (-sum(pair[1]), pair[0]))
    names_of_guides = progress.names_of(ws, [guide for guide, _ in most[:_NAMED_MAX]])
    losers = sorted(crowds.items(), key=lambda one: (-one[1], one[0]))
    return Pressure(
        at=at,
        audience=len(audience),
        planned=len(planned),
        held=tuple(sorted(held.items())),
        dropped={reason: len(members) for reason, members in sets.items()},
        guides=tuple((guide, names_of_guides.get(guide, guide), days) for guide, days in most[:_GUIDES_MAX]),
        guides_total=len(most),
        crowds_out=tuple((origin, names.get(origin, origin), lost) for (origin, _), lost in losers),
        variants=tuple(variants),
        warnings=tuple(_warnings(ws, draft, at)),
        sets=sets,
    )


def _parts(
    ws: Workspace, tx: Tx, draft: CampaignDraft, variant: Variant, members: BitMap, at: dt.datetime
) -> list[tuple[dt.datetime, BitMap]]:
    return timing.parts(ws, tx, draft, variant, members, at, campaigns.zone_of(ws))[0]


def _warnings(ws: Workspace, draft: CampaignDraft, at: dt.datetime) -> list[str]:
    """Codes of what is allowed and may be a slip."""
    found = []
    if draft.schedule.timing is Timing.LOCAL and draft.schedule.rhythm is not Rhythm.NOW and at - ws.clock.now() < _LEAD:
        # Some have passed their local time already, or will before anybody can change it (Q10).
        found.append("less_than_a_day_ahead")
    can = {channel.value: one for channel, one in carrier().capabilities(ws).items()}.get(draft.channel)
    if can is not None and can.is_confirmed_by_staff:
        found.append("staff_must_confirm")
        if any(_is_personal(ws, variant.content_id) for variant in draft.variants):
            # The platform takes one text for many: with a name in it every customer is a task of its own for the guide.
            found.append("personal_text")
    if draft.control_basis_points == 0 and draft.purpose is Purpose.MARKETING:
        found.append("no_control")
    return found


def _is_personal(ws: Workspace, content_id: str) -> bool:
    found = content.find(ws, content_id)
    if found is None or not found.version:
        return False
    return "member." in content.version(ws, content_id=content_id, number=found.version).draft.body.text
