"""A journey waits for what became of its own message: through the planner, the ledger and the tick, late news included."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import journeys as going
from tests.support.journeys import EXIT, SEND, advance, beat, does, launch, line, number, on, reasons, republish, where
from tests.support.people import member_id
from tests.support.touching import FakeCarrier
from wellspring.channels.contracts.sends import Receipt, ReceiptState
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.journeys import Journey
from wellspring.engagement.repo import ledger
from wellspring.engagement.service import dispatching, following
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

AGAIN = on("Cart", reentry="after_exit")
# Good for longer than any wait of these tests.
FIRST = {**SEND, "expires": "10d"}


@pytest.fixture(autouse=True)
def fake() -> Iterator[FakeCarrier]:
    with going.carrier() as placed:
        yield placed


def listening(*fates: str, timeout: str = "1d", entry: dict[str, Any] = AGAIN) -> dict[str, Any]:
    wait = {"kind": "wait", "mode": "message", "message": "n1", "fates": list(fates), "timeout": timeout}
    graph = line(entry, FIRST, {**wait, "then": "yes", "timeout_next": "no"})
    graph["nodes"] |= {"yes": {**EXIT, "reason": "yes"}, "no": {**EXIT, "reason": "no"}}
    return graph


def dispatch(ws: Workspace) -> None:
    dispatching.drain(ws)
    beat(ws)


def tells(ws: Workspace, fake: FakeCarrier, state: ReceiptState, *members: int, call: int = -1) -> None:
    """The provider tells by itself how far the latest call (or another) came for some of its recipients."""
    parcel = fake.parcels[call]
    with ws.sql.write() as tx:
        for one in parcel.recipients:
            if one.member_no in members:
                following.heard(ws, tx, parcel.key, Receipt("", one.address, state, "", ws.clock.now()))
    beat(ws)


def sent_to(ws: Workspace, *users: str) -> list[int]:
    does(ws, "Cart", *users)
    beat(ws)
    dispatch(ws)
    return [number(ws, user) for user in users]


def test_read_goes_one_way_silence_the_other_and_late_news_move_nobody(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("read", "replied"))
    one, two = sent_to(workspace, "u1", "u2")
    assert where(workspace, journey) == {"n2": {one, two}}
    tells(workspace, fake, ReceiptState.DELIVERED, one, two)
    assert where(workspace, journey) == {"n2": {one, two}}
    tells(workspace, fake, ReceiptState.REPLIED, one)
    assert reasons(workspace, journey, one) == ["entered", "sent", "fate.read", "yes"]
    advance(workspace, days=1, minutes=10)
    assert reasons(workspace, journey, two) == ["entered", "sent", "timeout", "no"]
    tells(workspace, fake, ReceiptState.READ, two)
    assert reasons(workspace, journey, two) == ["entered", "sent", "timeout", "no"]


def test_taken_by_the_provider_is_sent_and_what_it_refused_failed(workspace: Workspace, fake: FakeCarrier) -> None:
    fake.moods = ["partly"]
    wait = {"kind": "wait", "mode": "message", "message": "n1", "fates": ["sent", "failed"], "timeout": "1d", "then": "n3"}
    split = {"kind": "split", "mode": "fate", "message": "n1", "branches": [{"id": "lost", "fate": "failed", "next": "n4"}], "else": "n5"}
    graph = line(AGAIN, FIRST, wait, split, {**EXIT, "reason": "lost"}, {**EXIT, "reason": "there"})
    journey = launch(workspace, graph)
    one, two = sorted(sent_to(workspace, "u1", "u2"))
    assert reasons(workspace, journey, one) == ["entered", "sent", "fate.failed", "branch.lost", "lost"]
    assert reasons(workspace, journey, two) == ["entered", "sent", "fate.sent", "branch.else", "there"]


def test_what_cannot_be_rendered_failed(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("failed"))
    does(workspace, "Cart", "u1")
    fake.unrenderable = {number(workspace, "u1")}
    beat(workspace)
    dispatch(workspace)
    assert reasons(workspace, journey, number(workspace, "u1"))[-1] == "yes"


def test_receipts_of_an_earlier_run_answer_no_later_one(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("read"))
    (one,) = sent_to(workspace, "u1")
    advance(workspace, days=2)
    sent_to(workspace, "u1")
    assert where(workspace, journey) == {"n2": {one}}
    tells(workspace, fake, ReceiptState.READ, one, call=0)
    assert where(workspace, journey) == {"n2": {one}}
    tells(workspace, fake, ReceiptState.READ, one, call=1)
    assert where(workspace, journey) == {}


def test_j07_of_two_runs_the_one_whose_message_was_answered_goes_on(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("replied", entry=on("Cart", key="no")))
    for key in ("a", "b"):
        does(workspace, "Cart", "u1", properties={"no": key})
    beat(workspace)
    dispatch(workspace)
    assert where(workspace, journey) == {"n2": {1, 2}}
    with workspace.sql.read() as tx:
        second = next(parcel.key for parcel in fake.parcels if ledger.sends_of(tx, parcel.key)[0]["instance"] == "b")
    tells(workspace, fake, ReceiptState.REPLIED, number(workspace, "u1"), call=[parcel.key for parcel in fake.parcels].index(second))
    assert where(workspace, journey) == {"n2": {1}}


def test_n04_news_of_who_was_merged_reach_the_survivors_run(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("read"))
    (two,) = sent_to(workspace, "u2")
    one = number(workspace, "u1")
    people.merge(workspace, by=SYSTEM, ids=[member_id(workspace, one), member_id(workspace, two)], survivor_id=member_id(workspace, one))
    parcel = fake.parcels[-1]
    with workspace.sql.write() as tx:
        following.heard(workspace, tx, parcel.key, Receipt("", parcel.recipients[0].address, ReceiptState.READ, "", workspace.clock.now()))
    # Merge and news come with one tick.
    beat(workspace)
    assert where(workspace, journey) == {}
    assert reasons(workspace, journey, one)[-1] == "yes"


def test_v07_who_waits_in_an_old_version_is_heard_there(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("read"))
    (one,) = sent_to(workspace, "u1")
    republish(workspace, journey, line(AGAIN, FIRST, EXIT), n2={"fate": "stay"})
    beat(workspace)
    tells(workspace, fake, ReceiptState.READ, one)
    assert reasons(workspace, journey, one)[-1] == "yes"


def test_v04_moved_to_a_wait_for_what_is_known_they_go_on(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("replied"))
    (one,) = sent_to(workspace, "u1")
    tells(workspace, fake, ReceiptState.DELIVERED, one)
    republish(workspace, journey, listening("delivered"), n2={"fate": "move", "to": "n2"})
    advance(workspace, minutes=1)
    assert reasons(workspace, journey, one) == ["entered", "sent", "migrated", "fate.delivered", "yes"]


def test_j19_news_of_a_pause_are_kept(workspace: Workspace, fake: FakeCarrier) -> None:
    journey = launch(workspace, listening("read"))
    (one,) = sent_to(workspace, "u1")
    api.pause(workspace, by=SYSTEM, journey_id=journey.id)
    tells(workspace, fake, ReceiptState.READ, one)
    assert where(workspace, journey) == {"n2": {one}}
    api.resume(workspace, by=SYSTEM, journey_id=journey.id)
    advance(workspace, minutes=1)
    assert reasons(workspace, journey, one)[-1] == "yes"


def test_a_dry_run_takes_it_that_messages_arrive_and_nobody_answers(workspace: Workspace) -> None:
    since = workspace.clock.now()
    does(workspace, "Cart", "u1", "u2")
    workspace.clock.move_to(since + dt.timedelta(days=3))  # type: ignore[attr-defined]

    def ends(*fates: str) -> dict[str, int]:
        run = api.dry_run(workspace, draft=listening(*fates), since=since - dt.timedelta(hours=1), until=workspace.clock.now())
        assert "messages_arrive" in run.notes
        return {flow.reason: flow.times for flow in run.flows if flow.to_node == ""}

    assert ends("delivered") == {"yes": 2}
    assert ends("read", "failed") == {"no": 2}


def test_a_journey_that_asks_for_nothing_reads_no_news(workspace: Workspace, fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    journey: Journey = launch(workspace, line(AGAIN, FIRST, EXIT))
    monkeypatch.setattr("wellspring.kernel.bus.told", lambda *_args, **_more: pytest.fail("asked"))
    (one,) = sent_to(workspace, "u1")
    tells(workspace, fake, ReceiptState.READ, one)
    assert reasons(workspace, journey, one)[-1] == "exit"
