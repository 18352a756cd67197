"""After a quiet night everything that waited is laid out together: by priority, spread, and nobody at the door at eight."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyroaring import BitMap

from tests.flows.engagement.test_touching import NIGHT, asked, cap, scoped
from tests.support.touching import FakeCarrier, world
from wellspring.engagement.contracts.touches import BatchState, Origin, OriginKind
from wellspring.engagement.repo import batches
from wellspring.engagement.service import dispatching, mornings, ruling, touching
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

Placed = tuple[Workspace, FakeCarrier]
EVENING = dt.datetime(2026, 3, 10, 14, tzinfo=dt.UTC)
EIGHT = dt.datetime(2026, 3, 11, 0, tzinfo=dt.UTC)
MANY = BitMap(range(1, 301))


@pytest.fixture
def placed(tmp_path: Path, engine_url: str | None) -> Iterator[Placed]:
    with world(tmp_path, url=engine_url) as (ws, fake):
        fake.members = fake.agreed = MANY
        ruling.add(ws, by=SYSTEM, draft=NIGHT)
        ws.clock.move_to(EVENING)  # type: ignore[attr-defined]
        yield ws, fake


def waiting(ws: Workspace) -> list[batches.Batch]:
    with ws.sql.read() as tx:
        return batches.due(tx, BatchState.WAITING, EIGHT + dt.timedelta(hours=12), limit=500)


def minutes_of(ws: Workspace, name: str) -> list[int]:
    return sorted(int((batch.release_at - EIGHT).total_seconds()) // 60 for batch in waiting(ws) if batch.origin.id == name)


def test_q07_what_waited_goes_by_priority_over_all_messages(placed: Placed) -> None:
    ws, _ = placed
    asked(ws, scoped("minor", priority=1), MANY)
    asked(ws, scoped("important", priority=9), MANY)
    asked(ws, scoped("middle", priority=5), MANY)
    # Until the night ends nothing is decided: whoever is asked for later may be more important.
    assert {batch.release_at for batch in waiting(ws)} == {EIGHT}
    ws.clock.move_to(EIGHT)  # type: ignore[attr-defined]
    assert mornings.lay_out(ws) == 3
    assert mornings.lay_out(ws) == 0
    spread = ws.settings.get(EngagementSettings).spread_minutes
    laid = [minutes_of(ws, name) for name in ("important", "middle", "minor")]
    assert [len(set(minutes)) for minutes in laid] == [spread // 3] * 3
    assert max(laid[0]) < min(laid[1]) <= max(laid[1]) < min(laid[2]) < spread
    by_minute: dict[dt.datetime, int] = {}
    for batch in waiting(ws):
        by_minute[batch.release_at] = by_minute.get(batch.release_at, 0) + len(batch.members)
    assert sum(by_minute.values()) == 3 * len(MANY)
    # Nine hundred in thirty minutes are thirty a minute, give or take what a hash gives or takes.
    assert max(by_minute.values()) < 3 * len(MANY) / spread * 2


def test_q07_everybody_gets_everything_once_and_one_after_the_other(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("minor", priority=1), MANY)
    asked(ws, scoped("important", priority=9), MANY)
    order: list[str] = []
    for minute in range(31):
        ws.clock.move_to(EIGHT + dt.timedelta(minutes=minute))  # type: ignore[attr-defined]
        dispatching.drain(ws)
        order += [batch.origin.id for batch in sent(ws)][len(order) :]
    assert sorted(fake.touched) == sorted([*MANY, *MANY])
    assert order == sorted(order, key=["important", "minor"].index)


def sent(ws: Workspace) -> list[batches.Batch]:
    with ws.sql.read() as tx:
        done = batches.due(tx, BatchState.DONE, EIGHT + dt.timedelta(hours=12), limit=500)
    return sorted(done, key=lambda batch: batch.release_at)


def test_f08_the_more_important_takes_the_place_of_the_morning(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("minor", priority=1), MANY)
    asked(ws, scoped("important", priority=9), MANY)
    ruling.add(ws, by=SYSTEM, draft=cap())
    for minute in (0, 10, 20, 30, 40):
        ws.clock.move_to(EIGHT + dt.timedelta(minutes=minute))  # type: ignore[attr-defined]
        dispatching.drain(ws)
    assert sorted(fake.touched) == list(MANY)
    with ws.sql.read() as tx:
        assert batches.open_of(tx, OriginKind.CAMPAIGN, "minor") == []


def test_q07_accounts_have_mornings_of_their_own_and_a_late_server_has_no_herd(placed: Placed) -> None:
    ws, _ = placed
    asked(ws, scoped("one"), MANY)
    asked(ws, scoped("other", account_id="acc_2"), MANY)
    late = EIGHT + dt.timedelta(hours=2)
    ws.clock.move_to(late)  # type: ignore[attr-defined]
    mornings.lay_out(ws)
    for name in ("one", "other"):
        assert len(set(minutes_of(ws, name))) == ws.settings.get(EngagementSettings).spread_minutes
        assert min(minutes_of(ws, name)) >= 120


def test_d08_who_is_taken_back_at_night_is_in_no_morning(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("one"), MANY)
    some = BitMap(range(1, 11))
    with ws.sql.write() as tx:
        touching.withdraw(ws, tx, origin=Origin(OriginKind.CAMPAIGN, "one", 1), members=some)
    ws.clock.move_to(EIGHT)  # type: ignore[attr-defined]
    assert mornings.lay_out(ws) == 1
    ws.clock.move_to(EIGHT + dt.timedelta(minutes=40))  # type: ignore[attr-defined]
    dispatching.drain(ws)
    assert sorted(fake.touched) == list(MANY - some)
