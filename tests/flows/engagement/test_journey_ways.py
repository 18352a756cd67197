"""Who is where and why, however many moves there are: nobody is missed, and pages meet without a gap."""

from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from tests.support import journeys as going
from tests.support.journeys import SEND, advance, beat, does, launch, line, number, on, wait
from tests.support.people import member_id
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.journeys import Journey
from wellspring.engagement.models.journeys import move_block_table
from wellspring.engagement.repo import ways
from wellspring.engagement.service import folding, looking, parting
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

BOTH = pytest.mark.parametrize("folds", [False, True], ids=["plain", "folded"])


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ways, "BLOCK", 4)
    monkeypatch.setattr(ways, "_BLOCKS", 2)
    monkeypatch.setattr(ways, "_MOVES", 3)
    with going.carrier():
        yield


def busy(ws: Workspace, *, times: int = 9, folds: bool = False) -> Journey:
    """A journey that u2 entered at the beginning, and u1 again and again since; both are inside."""
    graph = line(
        on("Cart", reentry="after_exit"), wait("10m"), {"kind": "tag", "put": ["旅程/来过"]}, wait("60d"), SEND, exits=[{"event": "Leave"}]
    )
    journey = launch(ws, graph)
    does(ws, "Cart", "u2")
    for _ in range(times):
        does(ws, "Leave", "u1")
        beat(ws)
        does(ws, "Cart", "u1")
        advance(ws, minutes=20)
        if folds:
            folding.fold(ws)
    return journey


def blocks(ws: Workspace) -> list[BitMap]:
    with ws.sql.read() as tx:
        return [BitMap.deserialize(bytes(row.members)) for row in tx.execute(move_block_table.select())]


@BOTH
def test_how_somebody_came_is_told_since_they_came_in_however_long_ago(workspace: Workspace, folds: bool) -> None:
    journey = busy(workspace, folds=folds)
    assert len(blocks(workspace)) == (9 if folds else 0)
    page = api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n3")
    told = {row.member_no: [step.reason for step in row.steps] for row in page.rows}
    present = ["done", "waited", "entered"]
    assert told == {number(workspace, "u1"): present, number(workspace, "u2"): present}


@BOTH
def test_a_whole_way_is_read_page_by_page(workspace: Workspace, folds: bool) -> None:
    journey = busy(workspace, folds=folds)
    whole = api.way_of(workspace, by=SYSTEM, journey_id=journey.id, member=member_id(workspace, number(workspace, "u1")), limit=200)
    assert [step.reason for step in reversed(whole.rows)] == (["entered", "waited", "done", "exit.0"] * 9)[:-1]
    assert whole.next_cursor is None
    found, cursor = [], None
    while True:
        page = api.way_of(
            workspace, by=SYSTEM, journey_id=journey.id, member=member_id(workspace, number(workspace, "u1")), cursor=cursor, limit=4
        )
        found += page.rows
        if (cursor := page.next_cursor) is None:
            break
    assert found == list(whole.rows)
    assert len(api.steps_of_member(workspace, member_no=number(workspace, "u1"), limit=7)) == 7
    (told,) = parting.of_person(workspace, [number(workspace, "u2")])
    assert [move["reason"] for move in told["moves"]] == ["done", "waited", "entered"]


def test_each_run_of_a_key_has_a_way_of_its_own(workspace: Workspace) -> None:
    journey = launch(workspace, line(on("Cart", key="no"), wait("10m"), SEND, wait("60d"), SEND))
    for key in ("a", "b", "c"):
        does(workspace, "Cart", "u1", properties={"no": key})
        advance(workspace, minutes=20)
    folding.fold(workspace)
    page = api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n3")
    assert [(row.key, [step.reason for step in row.steps]) for row in page.rows] == [(key, ["sent", "waited", "entered"]) for key in "abc"]


def test_n04_who_was_merged_brings_their_way_along(workspace: Workspace) -> None:
    journey = busy(workspace, times=1)
    one, two = number(workspace, "u3"), number(workspace, "u2")
    people.merge(workspace, by=SYSTEM, ids=[member_id(workspace, one), member_id(workspace, two)], survivor_id=member_id(workspace, one))
    beat(workspace)
    rows = {row.member_no: row.steps for row in api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n3").rows}
    assert [step.reason for step in rows[one]] == ["done", "waited", "entered"]


def test_who_may_see_few_still_reaches_all_of_them(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    users = [f"u{place:02}" for place in range(30)]
    journey = launch(workspace, line(on("Cart"), wait("60d"), SEND))
    does(workspace, "Cart", *users)
    beat(workspace)
    monkeypatch.setattr(looking, "_PIECE", 2)
    monkeypatch.setattr(looking, "_LOOKED_MAX", 6)
    everybody = sorted(number(workspace, user) for user in users)
    mine = {everybody[place] for place in (0, 1, 13, 28, 29)}
    all_members = people.members_of

    def few(ws: Workspace, *, by: object, member_nos: list[int]) -> object:
        return {no: one for no, one in all_members(ws, by=SYSTEM, member_nos=member_nos).items() if no in mine}

    monkeypatch.setattr(people, "members_of", few)
    found, cursor, pages = [], None, 0
    while True:
        page = api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n1", cursor=cursor, limit=2)
        found, pages = [*found, *(row.member_no for row in page.rows)], pages + 1
        if (cursor := page.next_cursor) is None:
            break
    assert found == sorted(mine)
    assert pages < 10


def test_p04_who_is_erased_is_in_no_block(workspace: Workspace) -> None:
    journey = busy(workspace, folds=True)
    gone = number(workspace, "u1")
    assert any(gone in one for one in blocks(workspace))
    parting.erase(workspace, [gone])
    assert not any(gone in one for one in blocks(workspace))
    with workspace.sql.read() as tx:
        assert not list(ways.moves_with(tx, journey.id, BitMap([gone])))
    folding.fold(workspace)
    assert parting.of_person(workspace, [gone]) == []
