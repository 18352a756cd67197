"""What audiences may ask of people: every set and every relation says of a member what the single answer says."""

from typing import Any

import orjson

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, who
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord
from wellspring.people.traits import TRAITS

BY_NAME = {trait.name: trait for trait in TRAITS}


def values(ws: Workspace, name: str) -> dict[int, Any]:
    trait = BY_NAME[name]
    if trait.sets is None:
        assert trait.relation is not None
        found = ws.log.query(f"SELECT member_no, toUnixTimestamp64Milli(value) FROM ({trait.relation(ws, None)})", fmt="JSONCompactEachRow")
        return {number: from_millis(millis) for number, millis in map(orjson.loads, found.splitlines())}
    told: dict[int, Any] = {}
    for value, numbers in trait.sets(ws, None).items():
        for number in numbers:
            if trait.kind == "list":
                told.setdefault(number, []).append(value)
            else:
                assert number not in told
                told[number] = value == "true" if trait.kind == "boolean" else value
    return told


def test_everybody_and_one_by_one_agree(workspace: Workspace) -> None:
    ws = workspace
    resolve(ws, claim("user_id:a", "phone:13800000001", at=NOON, source="tmall"), claim("anonymous_id:b", at=NOON, source="web"))
    phone = identity("phone:13800000001")
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, "list", "v1", phone)
    people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, 1), word=word)
    people.change(ws, by=OPERATOR, member_id=member_id(ws, 1), home_unit_id="unit_1", moves=True)
    for trait in TRAITS:
        told = values(ws, trait.name)
        for number in (1, 2):
            assert (told.get(number) or None) == (trait.of_member(ws, number, None) or None), (trait.name, number)
        for choice in trait.choices(ws) if trait.choices else ():
            assert choice.zh, choice.en
    assert values(ws, "people.reachable") == {1: ["sms"]}
    assert values(ws, "people.consents") == {1: ["marketing.sms"]}
    assert values(ws, "people.source") == {1: "tmall", 2: "web"}
    assert values(ws, "people.home_unit") == {1: "unit_1"}


def test_members_made_later_are_added(workspace: Workspace) -> None:
    who(workspace, "user_id:a")
    before = BY_NAME["people.created_at"].version(workspace)
    assert len(values(workspace, "people.created_at")) == 1
    who(workspace, "user_id:b")
    assert len(values(workspace, "people.created_at")) == 2
    assert BY_NAME["people.created_at"].version(workspace) != before
