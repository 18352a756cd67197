"""From the tree to JSON, and to the bytes under which its answer is kept.

`write` gives what `read` takes: `read(write(node)) == node`. `canonical` goes further: definitions that mean the same
in an obvious way share their bytes, and those that differ never do.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import orjson

from wellspring.audiences.rules import durations
from wellspring.audiences.rules.tree import (
    Absent,
    All,
    Any,
    Attribute,
    AudienceRef,
    Between,
    Calendar,
    Comparison,
    Consent,
    Did,
    Duration,
    First,
    InGroup,
    Last,
    Leaf,
    Like,
    Measure,
    Node,
    Not,
    Reachable,
    Rolling,
    Sample,
    Sequence,
    ServedBy,
    Step,
    Tag,
    TagGroup,
    Top,
    Touched,
    Trait,
    Where,
    Window,
    Zone,
)
from wellspring.audiences.rules.values import has_offset, instant
from wellspring.kernel.text import nfc

Json = dict[str, object]
_UTC = ZoneInfo("UTC")


def write(node: Node) -> Json:
    """The definition as JSON, in one order of keys and with one way to write each duration."""
    match node:
        case All(nodes):
            return {"all": [write(child) for child in nodes]}
        case Any(nodes):
            return {"any": [write(child) for child in nodes]}
        case Not(child):
            return {"not": write(child)}
        case Did() | Last() | First() | Sequence() | Touched() | Top():
            return _of_events(node)
        case _:
            return _of_state(node)


def _of_events(leaf: Did | Last | First | Sequence | Touched | Top) -> Json:
    match leaf:
        case Did(event, where, measure, wanted, window, zone, is_bare):
            measured = {} if is_bare else {"measure": _measure(measure), **_comparison(wanted)}
            return {"did": event, **_where(where), **measured, **_window(window, zone)}
        case Last(event, where, comparison, window):
            return {"last": event, **_where(where), **(_comparison(comparison) if comparison else {}), **_window(window)}
        case First(event, where, comparison, window):
            return {"first": event, **_where(where), **(_comparison(comparison) if comparison else {}), **_window(window)}
        case Sequence(steps):
            return {"sequence": [_step(step) for step in steps]}
        case Touched(channel, wanted, window, is_bare):
            return {"touched": {"channel": channel}, **({} if is_bare else _comparison(wanted)), **_window(window)}
        case Top(measure, event, percent, where, window, zone):
            return {"top": {"measure": _measure(measure), "of": event, **_where(where), **_window(window, zone), "percent": percent}}


def _of_state(leaf: Leaf) -> Json:
    match leaf:
        case Attribute(name, comparison):
            return {"attribute": name, **_comparison(comparison)}
        case Trait(name, comparison):
            return {"trait": name, **_comparison(comparison)}
        case TagGroup(group):
            return {"tag_group": group, "any": True}
        case ServedBy(relation, served_id):
            return {"served_by": {relation.value: served_id}}
        case Sample(salt, low, high):
            return {"sample": {"salt": salt, "percent": [low, high]}}
        case Like(audience, size):
            return {"like": audience, "size": size}
        case _:
            key, field = _NAMED[type(leaf)]
            return {key: getattr(leaf, field)}


# The leaves that are one key and one name.
_NAMED: Mapping[type[Node], tuple[str, str]] = {
    Tag: ("tag", "name"),
    AudienceRef: ("audience", "audience"),
    InGroup: ("in_group", "chat_id"),
    Reachable: ("reachable_on", "channel"),
    Consent: ("consent", "purpose"),
}


def _measure(measure: Measure) -> Json:
    return {measure.kind.value: measure.property or True}


def _where(where: tuple[Where, ...]) -> Json:
    return {"where": [{"property": one.property, **_comparison(one.comparison)} for one in where]} if where else {}


def _step(step: Step | Absent) -> Json:
    if isinstance(step, Absent):
        return {"did_not": step.event, **_where(step.where)}
    within: Json = {"within": durations.text_of(step.within.millis)} if step.within else {}
    return {"did": step.event, **_where(step.where), **within}


def _comparison(comparison: Comparison) -> Json:
    value = comparison.value
    if isinstance(value, Duration):
        return {comparison.op.value: durations.text_of(value.millis)}
    return {comparison.op.value: list(value) if isinstance(value, tuple) else value}


def _window(window: Window | None, zone: Zone = Zone.WORKSPACE) -> Json:
    written: Json = {}
    match window:
        case Rolling(millis):
            written = {"within": durations.text_of(millis)}
        case Calendar(unit, whose):
            written, zone = {"within": f"calendar {unit}"}, whose
        case Between(start, end):
            written = {"between": [start, end]}
    return {**written, "in": zone.value} if zone is Zone.MEMBER else written


def canonical(node: Node) -> bytes:
    """The bytes that definitions of one meaning share.

    Children of all and any are flattened, sorted and without doubles, so are `where` and the lists of in and not_in; a
    bare did is a count of at least 1; 1.0 is 1; an instant is the same in every offset.
    """
    match node:
        case All(nodes):
            return _branch("all", _flat(All, nodes))
        case Any(nodes):
            return _branch("any", _flat(Any, nodes))
        case Not(Not(inner)):
            return canonical(inner)
        case Not(inner):
            return b'{"not":' + canonical(inner) + b"}"
        case Did() | Touched():
            return _bytes(_settled(write(dataclasses.replace(node, is_bare=False)), ""))
        case _:
            return _bytes(_settled(write(node), ""))


def _branch(kind: str, nodes: Iterable[Node]) -> bytes:
    keys = sorted({canonical(child) for child in nodes})
    return keys[0] if len(keys) == 1 else b'{"%s":[%s]}' % (kind.encode(), b",".join(keys))


def _flat(kind: type[All | Any], nodes: Iterable[Node]) -> Iterable[Node]:
    for child in nodes:
        if isinstance(child, kind):
            yield from _flat(kind, child.nodes)
        else:
            yield child


def _settled(value: object, key: str) -> object:
    """The JSON of a leaf with one way left to say each thing; `key` is what the value stands under."""
    if isinstance(value, dict):
        return {name: _settled(part, name) for name, part in value.items()}
    if isinstance(value, list):
        parts = [_settled(part, key) for part in value]
        if key not in {"where", "in", "not_in"}:
            return parts
        distinct = {_bytes(part): part for part in parts}
        return [distinct[one] for one in sorted(distinct)]
    if isinstance(value, str):
        if key in {"before", "after", "between"} and has_offset(value):
            return instant(value, _UTC)
        # The salt is hashed as it is.
        return value if key == "salt" else nfc(value)
    # Beyond 64 bits there is no whole number that could be written the other way.
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else value


def _bytes(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
