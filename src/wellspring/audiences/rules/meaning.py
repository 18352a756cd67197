"""What a definition means: the reference evaluator for one member, slow and obviously right.

Every other evaluator (SQL over the log, predicates, bitmaps) is held against it. It answers for each node whether it
holds, and with which events or which value that is proved.
"""

import dataclasses
from collections.abc import Sequence as Row
from zoneinfo import ZoneInfo

from wellspring.audiences.rules.history import Event, History
from wellspring.audiences.rules.measuring import Happened, Moment, Number, matching, measured, timeline
from wellspring.audiences.rules.sampling import sample_buckets
from wellspring.audiences.rules.tree import (
    Absent,
    All,
    Any,
    Attribute,
    AudienceRef,
    Consent,
    Did,
    First,
    InGroup,
    Last,
    Leaf,
    Like,
    Node,
    Not,
    Reachable,
    Sample,
    Sequence,
    ServedBy,
    Step,
    Tag,
    TagGroup,
    Top,
    Touched,
    Trait,
    Value,
    child_path,
    children,
)
from wellspring.audiences.rules.values import instant_matches, matches, number_matches
from wellspring.audiences.rules.windows import span, zone_of
from wellspring.kernel.buckets import bucket

ZONE_ATTRIBUTE = "timezone"


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """The events that were looked at and match, and the value that was compared."""

    events: tuple[Event, ...] = ()
    value: Value | Number = None


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a node holds of the member, with the proof of a leaf or the verdicts of the nodes below."""

    path: str
    node: Node
    holds: bool
    proof: Proof = Proof()
    parts: tuple["Verdict", ...] = ()


def holds(node: Node, history: History, *, now: int, zone: ZoneInfo) -> bool:
    """Whether the member belongs to the audience at `now` (milliseconds)."""
    return evaluate(node, history, now=now, zone=zone).holds


def evaluate(node: Node, history: History, *, now: int, zone: ZoneInfo) -> Verdict:
    """The verdict on every node; `zone` is the workspace's, the member's is its attribute `timezone`.

    Raises KeyError for an audience, a top or a like of which the history does not tell.
    """
    moment = moment_of(history, now=now, zone=zone)
    return _verdict(node, "$", history, moment, timeline(history, moment))


def moment_of(history: History, *, now: int, zone: ZoneInfo) -> Moment:
    """The moment as this member sees it."""
    return Moment(now, zone, zone_of(history.attributes.get(ZONE_ATTRIBUTE), zone))


def _verdict(node: Node, path: str, history: History, moment: Moment, events: Row[Happened]) -> Verdict:
    parts = tuple(_verdict(child, child_path(node, path, index), history, moment, events) for index, child in enumerate(children(node)))
    match node:
        case All():
            return Verdict(path, node, all(part.holds for part in parts), parts=parts)
        case Any():
            return Verdict(path, node, any(part.holds for part in parts), parts=parts)
        case Not():
            return Verdict(path, node, not parts[0].holds, parts=parts)
        case Did() | Last() | First() | Sequence() | Touched():
            found, proof = _of_events(node, history, moment, events)
        case _:
            found, proof = _of_state(node, history, moment)
    return Verdict(path, node, found, proof)


def _of_events(
    leaf: Did | Last | First | Sequence | Touched, history: History, moment: Moment, events: Row[Happened]
) -> tuple[bool, Proof]:
    match leaf:
        case Did():
            return _did(leaf, moment, events)
        case Last(event, where):
            found = matching(events, event, where, moment)
            return _of_instant(leaf, found[-1] if found else None, moment)
        case First(event, where):
            found = matching(events, event, where, moment)
            return _of_instant(leaf, found[0] if found else None, moment)
        case Sequence(steps):
            chain = _chain(steps, events, moment)
            return chain is not None, Proof(tuple(one.event for one in chain or ()))
        case Touched(channel, comparison, window):
            start, end = span(window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
            count = sum(1 for named, at in history.touched if named == channel and start <= at < end and at <= moment.now)
            return number_matches(count, comparison), Proof(value=count)


def _did(leaf: Did, moment: Moment, events: Row[Happened]) -> tuple[bool, Proof]:
    start, end = span(leaf.window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
    found = [one for one in matching(events, leaf.event, leaf.where, moment) if start <= one.at < end]
    value = measured(leaf.measure, found, leaf.where, moment, moment.zone_of(leaf.zone))
    return number_matches(value, leaf.comparison), Proof(tuple(one.event for one in found), value)


def _of_instant(leaf: Last | First, found: Happened | None, moment: Moment) -> tuple[bool, Proof]:
    at = found.at if found else None
    proof = Proof((found.event,) if found else (), at)
    if leaf.comparison and not instant_matches(at, leaf.comparison, now=moment.now, zone=moment.zone, member_zone=moment.member_zone):
        return False, proof
    if leaf.window or not leaf.comparison:
        start, end = span(leaf.window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
        return at is not None and start <= at < end, proof
    return True, proof


def _chain(steps: Row[Step | Absent], events: Row[Happened], moment: Moment) -> tuple[Happened, ...] | None:
    """Events that make the sequence, one for each Step; None where there are none."""
    fits = [{id(one) for one in matching(events, step.event, step.where, moment)} for step in steps]
    concerned = [one for one in events if any(id(one) in fit for fit in fits)]
    dead: set[tuple[int, int]] = set()

    def after(step: int, last: int) -> tuple[Happened, ...] | None:
        """The rest of the chain from a step on, when the event at place `last` served the step before."""
        if (step, last) in dead:
            return None
        following = next((at for at in range(step, len(steps)) if isinstance(steps[at], Step)), len(steps))
        forbidden = set[int]().union(*fits[step:following])
        if following == len(steps):
            return None if any(id(one) in forbidden for one in concerned[last + 1 :]) else ()
        within = getattr(steps[following], "within", None)
        for place in range(last + 1, len(concerned)):
            one = concerned[place]
            if within and one.at - concerned[last].at > within.millis:
                break
            rest = after(following + 1, place) if id(one) in fits[following] else None
            if rest is not None:
                return (one, *rest)
            if id(one) in forbidden:
                break
        dead.add((step, last))
        return None

    return after(0, -1)


def _of_state(leaf: Leaf, history: History, moment: Moment) -> tuple[bool, Proof]:
    match leaf:
        case Attribute(name):
            return _compared(history.attributes.get(name), leaf, moment)
        case Trait(name):
            return _compared(history.traits.get(name), leaf, moment)
        case TagGroup(group):
            found = tuple(sorted(tag for tag in history.tags if tag.partition("/")[:2] == (group, "/")))
            return bool(found), Proof(value=found)
        case Sample(salt):
            low, high = sample_buckets(leaf)
            number = bucket(salt, history.public_id)
            return low <= number < high, Proof(value=number)
        case AudienceRef(audience):
            return history.audiences[audience], Proof()
        case Top() | Like():
            return history.standing[leaf], Proof()
        case _:
            return _is_listed(leaf, history), Proof()


def _compared(value: Value, leaf: Attribute | Trait, moment: Moment) -> tuple[bool, Proof]:
    found = matches(value, leaf.comparison, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
    return found, Proof(value=value)


def _is_listed(leaf: Leaf, history: History) -> bool:
    match leaf:
        case Tag(name):
            return name in history.tags
        case ServedBy(relation, served_id):
            return (relation, served_id) in history.served_by
        case InGroup(chat_id):
            return chat_id in history.groups
        case Reachable(channel):
            return channel in history.reachable
        case Consent(purpose):
            return purpose in history.consents
    raise TypeError(leaf)
