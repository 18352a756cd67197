"""Why one member is in a definition of fifty leaves, against one indexed read for each kind of leaf."""

import json

from bench import _audience_definitions as definitions
from bench._audience_crowd import TOLD_MAX, tag_name
from bench._audience_leaves import in_turn
from bench.results import Result, median, result
from wellspring.audiences.rules import read
from wellspring.audiences.service import explaining
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

_MEMBERS, _LEAVES = 20, 50
# What an operator asks of one person; a place among the highest needs everybody and is no question of one read.
_KINDS = ("did", "last", "first", "sequence", "touched", "attribute", "tag", "sample")
_READ = "SELECT at, total, props FROM activity_event WHERE kind = {kind:String} AND member_no = {number:UInt32}"


def explained(ws: Workspace) -> list[Result]:
    """Twenty members, each explained and read in turn; every verdict is checked against the set."""
    definition = _fifty()
    holding = References(Asking(ws, Instant(now_of(ws)))).evaluating.members(read.read(definition))
    ours: list[float] = []
    bare: list[float] = []
    for place in range(_MEMBERS + 1):
        number = 1 + place * (TOLD_MAX // 4) // _MEMBERS
        member_id = people.member_rows(ws, number, number)[0].id

        def explain(member_id: str = member_id, number: int = number) -> None:
            if explaining.explain_definition(ws, by=SYSTEM, definition=definition, member=member_id).holds != (number in holding):
                raise AssertionError(f"member {number} is explained otherwise than computed")

        def reads(number: int = number) -> None:
            for kind in ("Order Completed", "Product Viewed", "Product Added", "小程序打开", "Message Sent"):
                ws.log.query(_READ, {"kind": kind, "number": number})
            list(people.attribute_rows(ws, [number]))
            tags.of_member(ws, member_no=number)
            people.member_rows(ws, number, number)

        mine, theirs = in_turn([explain, reads], 1)
        if place:
            ours += mine
            bare += theirs
    label = f"audiences: explain one member in {_LEAVES} leaves"
    baseline = f"one indexed read for each of {len(_KINDS)} leaf kinds"
    return [result(label, median(ours), "ms", baseline=baseline, baseline_value=median(bare), at_most=3)]


def _fifty() -> definitions.Definition:
    pool = [leaf for leaf in definitions.pool() if next(iter(leaf)) in _KINDS and "anniversary_within_next" not in json.dumps(leaf)]
    tagged = [{"tag": tag_name(place)} for place in range(1, 12)]
    others = [leaf for leaf in pool if "tag" not in leaf]
    step = len(others) // (_LEAVES - len(tagged))
    return {"any": [{"not": {"any": [*others[::step][: _LEAVES - len(tagged)], *tagged]}}, {"tag": tag_name(3)}]}
