"""From JSON to the tree, with every rule of the language checked and every fault told with its path.

What comes out is sound: evaluators need no checks of their own. Whether the tags, audiences and stores that a definition
names exist is not known here; the service asks for that.
"""

import json
from collections.abc import Callable, Mapping

from wellspring.audiences.rules import fields as fields_module
from wellspring.audiences.rules.faults import Faults
from wellspring.audiences.rules.fields import Fields, fields_of
from wellspring.audiences.rules.read_parts import (
    ANY_OPS,
    INSTANT_OPS,
    NUMBER_OPS,
    comparison,
    duration,
    measure,
    needed_comparison,
    where,
    window,
)
from wellspring.audiences.rules.tree import (
    AT_LEAST_ONCE,
    NOBODY,
    ZERO_OF_NOTHING,
    Absent,
    All,
    Any,
    Attribute,
    AudienceRef,
    Calendar,
    Comparison,
    Consent,
    Did,
    First,
    InGroup,
    Last,
    Like,
    Measure,
    MeasureKind,
    Node,
    Not,
    Op,
    Reachable,
    Relation,
    Sample,
    Sequence,
    ServedBy,
    Step,
    Tag,
    TagGroup,
    Top,
    Touched,
    Trait,
    Window,
    Zone,
)

DEPTH_MAX = 12
LEAVES_MAX = 200
BYTES_MAX = 64 * 1024
STEPS_MAX = 20
LIKE_MAX = 10_000_000


def read(definition: object) -> Node:
    """The tree of a definition. Raises DefinitionInvalid with everything that is wrong."""
    faults = Faults()
    _check_size(definition, faults)
    faults.end()
    reading = _Reading(faults)
    node = reading.node(definition, "$", 0)
    if reading.leaves > LEAVES_MAX:
        faults.add("$", "too_many_leaves", limit=LEAVES_MAX)
    faults.end()
    return node


def _check_size(definition: object, faults: Faults) -> None:
    try:
        size = len(json.dumps(definition, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    except RecursionError:
        faults.add("$", "too_deep", limit=DEPTH_MAX)
    except (TypeError, ValueError):
        faults.add("$", "not_json")
    else:
        if size > BYTES_MAX:
            faults.add("$", "too_large", limit=BYTES_MAX // 1024)


class _Reading:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.leaves = 0

    def node(self, value: object, path: str, depth: int) -> Node:
        fields = fields_of(value, path, self.faults)
        kind = self._kind(fields) if isinstance(value, dict) else None
        if kind is None:
            return NOBODY
        if kind in _BRANCHES:
            found = self._branch(kind, fields, depth + 1)
        else:
            self.leaves += 1
            found = _LEAVES[kind](fields)
        fields.end()
        return found

    def _kind(self, fields: Fields) -> str | None:
        kinds = [kind for kind in (*_BRANCHES, *_LEAVES) if kind in fields and not (kind == "any" and "tag_group" in fields)]
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            self.faults.add(fields.path, "kind_several", keys=", ".join(kinds))
        else:
            keys = ", ".join(fields_module.shown(key) for key in list(fields.found)[:5])
            self.faults.add(fields.path, "kind_missing", keys=keys or "{}")
        return None

    def _branch(self, kind: str, fields: Fields, depth: int) -> Node:
        if depth > DEPTH_MAX:
            fields.take(kind)
            self.faults.add(fields.path, "too_deep", limit=DEPTH_MAX)
            return NOBODY
        if kind == "not":
            return Not(self.node(fields.take("not"), fields.at("not"), depth))
        # Longer lists than leaves are possible: empty branches are no leaves. The size in bytes bounds them.
        nodes = [self.node(value, f"{fields.at(kind)}[{index}]", depth) for index, value in enumerate(fields.listed(kind, BYTES_MAX))]
        return All(tuple(nodes)) if kind == "all" else Any(tuple(nodes))


def _attribute(fields: Fields) -> Node:
    return Attribute(fields.name("attribute"), needed_comparison(fields, ANY_OPS))


def _trait(fields: Fields) -> Node:
    return Trait(fields.name("trait"), needed_comparison(fields, ANY_OPS))


def _tag_group(fields: Fields) -> Node:
    if "any" in fields:
        fields.true("any")
    else:
        fields.faults.add(fields.path, "key_missing", key="any")
    return TagGroup(fields.name("tag_group"))


def _did(fields: Fields) -> Node:
    event, conditions, measured = fields.name("did"), where(fields), measure(fields)
    wanted, is_bare = _counted(fields, measured)
    found, zone = _window_and_zone(fields, measured)
    return Did(event, conditions, measured, wanted, found, zone, is_bare)


def _counted(fields: Fields, measured: Measure) -> tuple[Comparison, bool]:
    count = len(fields.faults.found)
    found = comparison(fields, NUMBER_OPS, has_window=True)
    if found is None:
        # At least one day with an event is at least one event, but "sum of total" alone says nothing.
        if measured.property is not None and len(fields.faults.found) == count:
            fields.faults.add(fields.path, "comparison_missing")
        return AT_LEAST_ONCE, measured.kind is MeasureKind.COUNT
    if found.op in {Op.EXISTS, Op.MISSING} and measured.kind in ZERO_OF_NOTHING:
        fields.fault(Op.EXISTS if Op.EXISTS in fields else Op.MISSING, "always")
    return found, False


def _window_and_zone(fields: Fields, measured: Measure) -> tuple[Window | None, Zone]:
    found, zone = window(fields)
    if zone and measured.kind is not MeasureKind.DAYS and not isinstance(found, Calendar):
        fields.fault("in", "zone_useless")
    return found, zone or Zone.WORKSPACE


def _last(fields: Fields) -> Node:
    return Last(fields.name("last"), where(fields), *_of_instant(fields))


def _first(fields: Fields) -> Node:
    return First(fields.name("first"), where(fields), *_of_instant(fields))


def _of_instant(fields: Fields) -> tuple[Comparison | None, Window | None]:
    wanted = comparison(fields, INSTANT_OPS, has_window=True)
    found, _ = _window_and_zone(fields, Measure())
    if found and wanted and wanted.op is Op.MISSING:
        fields.faults.add(fields.path, "missing_window")
    return wanted, found


def _sequence(fields: Fields) -> Node:
    steps: list[Step | Absent] = []
    for index, value in enumerate(fields.listed("sequence", STEPS_MAX)):
        part = fields_of(value, f"{fields.at('sequence')}[{index}]", fields.faults)
        if isinstance(value, dict):
            steps.append(_step(part, is_first=not any(isinstance(step, Step) for step in steps)))
    if len(steps) < 2 or not any(isinstance(step, Step) for step in steps):
        fields.fault("sequence", "few_steps")
    return Sequence(tuple(steps))


def _step(fields: Fields, *, is_first: bool) -> Step | Absent:
    within = duration(fields.take("within"), fields.at("within"), fields.faults) if "within" in fields else None
    conditions = where(fields)
    if ("did" in fields) == ("did_not" in fields):
        fields.faults.add(fields.path, "step_kind")
        return Absent("?")
    if "did" in fields:
        if within and is_first:
            fields.fault("within", "step_first")
        step: Step | Absent = Step(fields.name("did"), conditions, within)
    else:
        if within:
            fields.fault("within", "step_absent")
        step = Absent(fields.name("did_not"), conditions)
    fields.end()
    return step


def _served_by(fields: Fields) -> Node:
    inner = fields.inner("served_by")
    relations = [relation for relation in Relation if relation in inner]
    if len(relations) != 1 or len(inner.found) != 1:
        fields.fault("served_by", "not_relation")
        return NOBODY
    return ServedBy(relations[0], inner.name(relations[0]))


def _touched(fields: Fields) -> Node:
    inner = fields.inner("touched")
    channel = inner.name("channel")
    inner.end()
    wanted, is_bare = _counted(fields, Measure())
    found, _ = _window_and_zone(fields, Measure())
    return Touched(channel, wanted, found, is_bare)


def _sample(fields: Fields) -> Node:
    inner = fields.inner("sample")
    salt = inner.take("salt")
    inner.name("salt")
    ends = inner.listed("percent", 2)
    inner.end()
    if len(ends) != 2:
        inner.fault("percent", "not_percent")
        return NOBODY
    low, high = (fields_module.number(end, inner.at("percent"), fields.faults) for end in ends)
    if not 0 <= low < high <= 100:
        inner.fault("percent", "not_percent")
    return Sample(str(salt), low, high)


def _top(fields: Fields) -> Node:
    inner = fields.inner("top")
    measured = measure(inner)
    event, conditions = inner.name("of"), where(inner)
    found, zone = _window_and_zone(inner, measured)
    percent = fields_module.number(inner.take("percent"), inner.at("percent"), fields.faults)
    if not 0 < percent <= 100:
        inner.fault("percent", "not_share")
    inner.end()
    return Top(measured, event, percent, conditions, found, zone)


def _like(fields: Fields) -> Node:
    size = fields.take("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LIKE_MAX:
        fields.fault("size", "not_size", limit=LIKE_MAX)
        size = 1
    return Like(fields.name("like"), size)


_BRANCHES = ("all", "any", "not")
_LEAVES: Mapping[str, Callable[[Fields], Node]] = {
    "attribute": _attribute,
    "tag": lambda fields: Tag(fields.name("tag")),
    "tag_group": _tag_group,
    "did": _did,
    "last": _last,
    "first": _first,
    "sequence": _sequence,
    "trait": _trait,
    "audience": lambda fields: AudienceRef(fields.name("audience")),
    "served_by": _served_by,
    "in_group": lambda fields: InGroup(fields.name("in_group")),
    "reachable_on": lambda fields: Reachable(fields.name("reachable_on")),
    "consent": lambda fields: Consent(fields.name("consent")),
    "touched": _touched,
    "sample": _sample,
    "top": _top,
    "like": _like,
}
