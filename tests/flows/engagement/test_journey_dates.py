"""Dates that came round while nobody was awake: each day is judged once, as it was, a week back and no further."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support import activity as acting
from tests.support import journeys as going
from tests.support.journeys import SEND, advance, beat, launch, line, moves, planned, reasons, wait, where
from tests.support.orders import ordered
from wellspring.activity.contracts import OrderState
from wellspring.engagement.api import journeys as api
from wellspring.engagement.service import journey_ticking
from wellspring.kernel.errors import Invalid, StoreUnavailable
from wellspring.kernel.workspace import Workspace


@pytest.fixture(autouse=True)
def fake() -> Iterator[None]:
    with going.carrier():
        yield


def after_order(**rest: Any) -> dict[str, Any]:
    """Two days after the last order, at ten."""
    return {"trigger": {"kind": "date", "trait": "orders.last_at", "days": 2, "clock": "10:00"}, "reentry": "after_exit", **rest}


def buyers(ws: Workspace, days: int) -> list[int]:
    """Somebody buys each day at noon; gives who, in order."""
    found = []
    for day in range(days):
        ordered(ws, f"SO-{day}", "洁面乳", buyer=f"d{day}", state=OrderState.PAID)
        found.append(acting.buyer_no(ws, f"d{day}"))
        going.advance(ws, days=1)
    return found


def at_eleven(ws: Workspace) -> None:
    """Eleven in the morning in Shanghai, of the day that comes."""
    now = ws.clock.now()
    ws.clock.move_to(dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(3), dt.UTC))  # type: ignore[attr-defined]


def entered(ws: Workspace, journey: Any) -> list[list[int]]:
    return [members for source, _to, _why, members in moves(ws, journey) if source == ""]


def test_days_slept_through_are_judged_one_by_one_as_they_were(workspace: Workspace) -> None:
    at_eleven(workspace)
    journey = launch(workspace, line(after_order(), wait("30d"), SEND))
    # Nobody beats while five people buy on five days; then the system wakes.
    who = []
    for day in range(5):
        ordered(workspace, f"SO-{day}", "洁面乳", buyer=f"d{day}", state=OrderState.PAID)
        who.append(acting.buyer_no(workspace, f"d{day}"))
        workspace.clock.move_to(workspace.clock.now() + dt.timedelta(days=1))  # type: ignore[attr-defined]
    # The first buys again after their day had passed: on their day they had not.
    ordered(workspace, "SO-again", "面霜", buyer="d0", state=OrderState.PAID)
    beat(workspace)
    assert entered(workspace, journey) == [[who[0]], [who[1]], [who[2]]]
    beat(workspace)
    assert entered(workspace, journey) == [[who[0]], [who[1]], [who[2]]]
    for _ in range(4):
        advance(workspace, days=1)
    assert entered(workspace, journey) == [[one] for one in who]
    assert api.standing(workspace, journey_id=journey.id).days_skipped == 0


def test_one_heartbeat_or_many_let_the_same_people_in(workspace: Workspace) -> None:
    at_eleven(workspace)
    often = launch(workspace, line(after_order(), wait("30d"), SEND), name="醒着")
    who = buyers(workspace, 6)
    assert entered(workspace, often) == [[one] for one in who[:4]]


def test_a_week_back_and_no_further_and_the_rest_is_counted(workspace: Workspace) -> None:
    at_eleven(workspace)
    acting.ingest(workspace, *(acting.identify(f"u{day}", {"birthday": f"1990-03-{day:02}"}) for day in range(1, 32)))
    start = workspace.clock.now()
    entry = {"trigger": {"kind": "date", "attribute": "birthday", "clock": "10:00", "is_yearly": True}, "reentry": "never"}
    journey = launch(workspace, line(entry, wait("30d"), SEND))
    workspace.clock.move_to(start + dt.timedelta(days=12))  # type: ignore[attr-defined]
    beat(workspace)
    assert len(entered(workspace, journey)) == 7
    assert api.standing(workspace, journey_id=journey.id).days_skipped == 5
    beat(workspace)
    assert len(entered(workspace, journey)) == 7
    assert api.standing(workspace, journey_id=journey.id).days_skipped == 5


def test_j19_who_is_let_in_days_late_gets_no_words_meant_for_that_day(workspace: Workspace) -> None:
    at_eleven(workspace)
    today = workspace.clock.now().date()
    born = {f"u{ahead}": (today + dt.timedelta(days=ahead)).replace(year=1990).isoformat() for ahead in (1, 3)}
    acting.ingest(workspace, *(acting.identify(user, {"birthday": day}) for user, day in born.items()))
    entry = {"trigger": {"kind": "date", "attribute": "birthday", "clock": "10:00", "is_yearly": True}, "reentry": "never"}
    journey = launch(workspace, line(entry, SEND, wait("3d"), SEND, stale_after="1d"))
    workspace.clock.move_to(workspace.clock.now() + dt.timedelta(days=3))  # type: ignore[attr-defined]
    beat(workspace)
    late, due = (going.number(workspace, user) for user in ("u1", "u3"))
    assert reasons(workspace, journey, late) == ["entered", "stale"]
    assert planned(workspace, journey) == [("n1", [due])]
    # What comes later counts from the day itself.
    advance(workspace, days=1, minutes=10)
    assert reasons(workspace, journey, late) == ["entered", "stale", "waited", "sent"]
    assert where(workspace, journey) == {"n2": {due}}


def test_what_cannot_be_asked_stops_nobody_else(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at_eleven(workspace)
    journey = launch(workspace, line(after_order(), wait("30d"), SEND))
    asked: list[dt.datetime | None] = []

    def refuses(*_args: object, at: dt.datetime | None = None, **_more: object) -> BitMap:
        asked.append(at)
        raise Invalid(field="trait", reason="gone")

    monkeypatch.setattr(journey_ticking, "dated", refuses)
    workspace.clock.move_to(workspace.clock.now() + dt.timedelta(days=2))  # type: ignore[attr-defined]
    beat(workspace)
    assert api.standing(workspace, journey_id=journey.id).days_skipped == 2
    # Of a day before yesterday's the answer of now is no answer.
    assert [at is None for at in asked] == [False, False, True]


def test_a_store_that_is_away_loses_nobodys_day(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at_eleven(workspace)
    today = workspace.clock.now().date()
    acting.ingest(workspace, acting.identify("u1", {"birthday": (today + dt.timedelta(days=1)).replace(year=1990).isoformat()}))
    entry = {"trigger": {"kind": "date", "attribute": "birthday", "clock": "10:00", "is_yearly": True}, "reentry": "never"}
    journey = launch(workspace, line(entry, wait("30d"), SEND))

    def away(*_args: object, **_more: object) -> BitMap:
        raise StoreUnavailable(reason="away")

    workspace.clock.move_to(workspace.clock.now() + dt.timedelta(days=2))  # type: ignore[attr-defined]
    with monkeypatch.context() as broken, pytest.raises(StoreUnavailable):
        broken.setattr(journey_ticking, "dated", away)
        beat(workspace)
    beat(workspace)
    assert entered(workspace, journey) == [[going.number(workspace, "u1")]]
    assert api.standing(workspace, journey_id=journey.id).days_skipped == 0
