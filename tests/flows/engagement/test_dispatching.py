"""From intents to messages: nothing twice, nothing that is forbidden by now, and every call comes to an end that is told."""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pyroaring import BitMap

from tests.flows.engagement.test_touching import ASK, CAMPAIGN, NIGHT, asked, cap, scoped
from tests.support import people as persons
from tests.support.touching import MEMBERS, FakeCarrier, world
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Receipt, ReceiptState
from wellspring.engagement.contracts.touches import BatchState, Fate, OriginKind, ParcelState, Why
from wellspring.engagement.models.touches import drop_table, parcel_table, send_table
from wellspring.engagement.repo import batches, calls
from wellspring.engagement.rules import fates
from wellspring.engagement.service import calling, cutting, dispatching, following, ruling, touching
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

Placed = tuple[Workspace, FakeCarrier]


@pytest.fixture
def placed(tmp_path: Path, engine_url: str | None) -> Iterator[Placed]:
    with world(tmp_path, url=engine_url) as made:
        yield made


def forward(ws: Workspace, **way: float) -> None:
    ws.clock.move_to(ws.clock.now() + dt.timedelta(**way))  # type: ignore[attr-defined]


def morning(ws: Workspace) -> None:
    """Everything that waited for the end of a night has its minute within half an hour."""
    dispatching.drain(ws)
    forward(ws, minutes=31)
    dispatching.drain(ws)


def rows(ws: Workspace, table: sa.Table) -> list[dict[str, Any]]:
    with ws.sql.read() as tx:
        return [dict(row) for row in tx.execute(sa.select(table)).mappings()]


def fates_of(ws: Workspace) -> dict[int, str]:
    return {row["member_no"]: row["fate"] for row in rows(ws, send_table)}


def dropped(ws: Workspace) -> dict[str, BitMap]:
    found: dict[str, BitMap] = {}
    for row in rows(ws, drop_table):
        found[row["reason"]] = found.get(row["reason"], BitMap()) | BitMap.deserialize(row["members"])
    return found


def told(ws: Workspace) -> list[tuple[str, str, BitMap]]:
    return [(body["state"], body["reason"], BitMap(body["member_nos"])) for body in persons.told(ws, "engagement.send_ended")]


def test_everybody_planned_gets_one_message_and_its_fate_is_told(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    dispatching.drain(ws)
    assert sorted(fake.touched) == list(MEMBERS)
    fake.tell(ReceiptState.DELIVERED)
    forward(ws, minutes=5)
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"delivered"}
    assert told(ws) == [("accepted", "", MEMBERS), ("delivered", "", MEMBERS)]


def test_d02_without_a_key_an_answer_lost_is_unknown_and_never_sent_again(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("mail", channel=Channel.EMAIL))
    fake.moods = ["drop"]
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"unknown"}
    for _ in range(40):
        forward(ws, hours=1)
        dispatching.drain(ws)
    assert len(fake.parcels) == 1
    (parcel,) = rows(ws, parcel_table)
    assert (parcel["state"], parcel["is_dead"]) == ("unknown", True)
    assert len(persons.told(ws, "engagement.letter_died")) == 1


def test_d02_where_the_provider_can_be_asked_it_tells(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("wecom", channel=Channel.WECOM))
    fake.moods = ["drop", "drop"]
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"unknown"}
    forward(ws, minutes=2)
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"waiting"}
    assert len(fake.parcels) == 2


def test_d01_with_a_key_the_same_parcel_is_asked_for_again(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    fake.moods = ["drop", "lost"]
    dispatching.drain(ws)
    fake.agreed = BitMap(range(1, 11))
    for _ in range(3):
        forward(ws, minutes=5)
        dispatching.drain(ws)
    assert {parcel.key for parcel in fake.parcels} == set(fake.taken)
    assert len({parcel.recipients for parcel in fake.parcels}) == 1
    assert sorted(fake.touched) == list(MEMBERS)
    assert set(fates_of(ws).values()) == {"accepted"}


def test_d04_a_worker_that_lost_its_lease_can_write_nothing(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("mail", channel=Channel.EMAIL))
    cutting.step(ws)
    now = ws.clock.now()
    with ws.sql.write() as tx:
        which = calls.next_due(tx, now)
        assert which is not None
        [late] = calls.claim(tx, which, now, now + calling.LEASE, most=5, members_max=100)
    forward(ws, minutes=11)
    assert calling.recover(ws) == 1
    assert calling.write(ws, [(late, Outcome(OutcomeState.ACCEPTED, provider_id="late"))]) == 0
    assert rows(ws, parcel_table)[0]["provider_id"] == ""
    assert fake.parcels == []
    forward(ws, seconds=2)
    dispatching.drain(ws)
    assert sorted(fake.touched) == list(MEMBERS)


def test_d04_a_claim_of_an_intent_is_fenced(placed: Placed) -> None:
    ws, _ = placed
    asked(ws)
    now = ws.clock.now()
    with ws.sql.write() as tx:
        first = batches.claim(tx, now, now + cutting.LEASE)
        assert batches.claim(tx, now, now + cutting.LEASE) is None
        second = batches.claim(tx, now + cutting.LEASE * 2, now + cutting.LEASE * 3)
        assert first is not None
        assert second is not None
        assert batches.remains(tx, first) is None
        assert batches.shrink(tx, first, BitMap([1])) is False
        assert batches.remains(tx, second) == MEMBERS


def test_d05_exactly_those_refused_are_marked(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    fake.moods = ["partly"]
    dispatching.drain(ws)
    found = fates_of(ws)
    assert found.pop(1) == "failed"
    assert set(found.values()) == {"accepted"}
    assert ("failed", "84061", BitMap([1])) in told(ws)


def test_d06_after_a_crash_it_goes_on_with_those_who_have_no_row(placed: Placed, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, fake = placed
    monkeypatch.setattr(cutting, "_CUT_MAX", 5)
    asked(ws)
    hits = iter(range(100))

    def crash(name: str) -> None:
        if name == "engagement.cut.before_commit" and next(hits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(cutting.failpoints, "hit", crash)
    with pytest.raises(KeyboardInterrupt):
        cutting.step(ws)
    assert len(fates_of(ws)) == 10
    forward(ws, minutes=6)
    dispatching.drain(ws)
    assert sorted(fake.touched) == list(MEMBERS)


def test_d07_what_is_too_late_is_skipped_with_the_reason(placed: Placed) -> None:
    ws, fake = placed
    asked(ws, scoped("late", expires_at=ws.clock.now() + dt.timedelta(hours=1)))
    forward(ws, hours=2)
    dispatching.drain(ws)
    assert fake.parcels == []
    assert dropped(ws) == {Why.STALE: MEMBERS}
    assert told(ws) == [("dropped", "stale", MEMBERS)]


@pytest.mark.parametrize("reason", ["no_consent", "unreachable", "withdrawn"])
def test_d08_what_forbids_it_in_the_last_moment_stops_it(placed: Placed, reason: str) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=cap())
    asked(ws)
    cutting.step(ws)
    gone = BitMap([3, 4])
    if reason == "no_consent":
        fake.agreed -= gone
    elif reason == "unreachable":
        fake.members -= gone
    else:
        with ws.sql.write() as tx:
            assert touching.withdraw(ws, tx, origin=CAMPAIGN, members=gone) == gone
    dispatching.drain(ws)
    assert BitMap(fake.touched) == MEMBERS - gone
    assert ("dropped", reason, gone) in told(ws)
    fake.agreed = fake.members = BitMap(MEMBERS)
    assert asked(ws, scoped("after")).planned == gone


def test_d08_after_the_mark_it_is_too_late_to_take_it_back(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)

    def exit_now() -> None:
        with ws.sql.write() as tx:
            assert touching.withdraw(ws, tx, origin=CAMPAIGN) == BitMap()

    fake.before_deliver = [exit_now]
    dispatching.drain(ws)
    assert BitMap(fake.touched) == MEMBERS
    assert set(fates_of(ws).values()) == {"accepted"}


def test_d09_what_cannot_be_rendered_is_left_out_and_told(placed: Placed) -> None:
    ws, fake = placed
    fake.unrenderable = {5, 6}
    asked(ws)
    dispatching.drain(ws)
    assert BitMap(fake.touched) == MEMBERS - BitMap([5, 6])
    assert dropped(ws) == {Why.NOT_RENDERED: BitMap([5, 6])}
    assert ("dropped", "not_rendered", BitMap([5, 6])) in told(ws)


def test_d10_news_in_any_order_ends_alike(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    states = [ReceiptState.SENT, ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.FAILED, ReceiptState.SENT]
    early = Receipt("", "", ReceiptState.DELIVERED, "", ws.clock.now())

    def before_the_answer() -> None:
        with ws.sql.write() as tx:
            name = rows_in(tx)
            for number in MEMBERS:
                following.heard(ws, tx, name, dataclasses.replace(early, address=f"a{number}"))

    fake.before_deliver = [before_the_answer]
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"delivered"}
    order = random.Random(5)
    for number in MEMBERS:
        mixed = order.sample(states, len(states)) * 2
        with ws.sql.write() as tx:
            for state in mixed:
                following.heard(ws, tx, rows_in(tx), Receipt("", f"a{number}", state, "", ws.clock.now()))
    assert set(fates_of(ws).values()) == {"read"}


def rows_in(tx: sa.Connection) -> str:
    return str(tx.execute(sa.select(parcel_table.c.key)).scalar_one())


def test_d11_a_provider_that_has_had_enough_is_left_alone_without_spending_attempts(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    asked(ws, scoped("second"), BitMap([1, 2]))
    fake.moods = ["later"]
    dispatching.drain(ws)
    assert fake.touched == []
    assert len(fake.parcels) == 1
    forward(ws, seconds=61)
    dispatching.drain(ws)
    assert sorted(fake.touched) == sorted([*MEMBERS, 1, 2])
    assert {row["attempts"] for row in rows(ws, parcel_table)} == {1}


def test_f02_a_refusal_frees_the_places(placed: Placed) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=cap())
    asked(ws)
    fake.moods = ["reject"]
    dispatching.drain(ws)
    assert set(fates_of(ws).values()) == {"failed"}
    assert rows(ws, parcel_table)[0]["is_dead"]
    assert asked(ws, scoped("again")).planned == MEMBERS


def test_f09_a_night_is_asked_again_in_the_morning_and_charged_then(placed: Placed) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    ws.clock.move_to(dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC))  # type: ignore[attr-defined]
    asked(ws)
    ruling.add(ws, by=SYSTEM, draft=cap())
    asked(ws, scoped("rival"), BitMap([1, 2]))
    forward(ws, hours=9)
    fake.agreed -= BitMap([9])
    forward(ws, hours=2)
    morning(ws)
    assert sorted(fake.touched) == [number for number in MEMBERS if number != 9]
    assert dropped(ws)[Why.CAPPED] == BitMap([1, 2])
    assert dropped(ws)[Why.NO_CONSENT] == BitMap([9])
    fake.agreed.add(9)
    assert asked(ws, scoped("later"), BitMap([9, 10])).planned == BitMap([9])


def test_q08_what_is_stale_by_the_end_of_the_night_is_not_sent(placed: Placed) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    night = dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC)
    ws.clock.move_to(night)  # type: ignore[attr-defined]
    found = asked(ws, scoped("short", expires_at=night + dt.timedelta(hours=5)))
    assert found.dropped == {Why.QUIET: MEMBERS}
    forward(ws, hours=12)
    dispatching.drain(ws)
    assert fake.parcels == []


def test_q09_who_moved_meanwhile_waits_for_their_own_morning(placed: Placed) -> None:
    ws, fake = placed
    number = persons.who(ws, "user_id:mover")
    fake.members = fake.agreed = BitMap([number])
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    ws.clock.move_to(dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC))  # type: ignore[attr-defined]
    asked(ws, members=BitMap([number]))
    persons.who(ws, "user_id:mover", attributes={"timezone": "America/New_York"})
    forward(ws, hours=11)
    morning(ws)
    assert fake.parcels == []
    with ws.sql.read() as tx:
        (batch,) = batches.open_of(tx, OriginKind.CAMPAIGN, "cmp_1")
    assert batch.state is BatchState.WAITING
    assert batch.release_at >= dt.datetime(2026, 3, 11, 12, 0, tzinfo=dt.UTC)
    forward(ws, hours=12)
    morning(ws)
    assert fake.touched == [number]


def test_i26_quiet_hours_that_began_before_the_call_send_it_back_to_wait(placed: Placed) -> None:
    ws, fake = placed
    asked(ws)
    cutting.step(ws)
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    ws.clock.move_to(dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC))  # type: ignore[attr-defined]
    dispatching.drain(ws)
    assert fake.parcels == []
    forward(ws, hours=11)
    morning(ws)
    assert sorted(fake.touched) == list(MEMBERS)


def test_staff_who_do_not_confirm_are_reminded_within_the_limit_and_then_it_has_expired(placed: Placed) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=cap(1, days=7))
    asked(ws, scoped("wecom", channel=Channel.WECOM))
    dispatching.drain(ws)
    fake.tell(ReceiptState.WAITING)
    assert set(fates_of(ws).values()) == {"waiting"}
    for _ in range(74):
        forward(ws, hours=1)
        dispatching.drain(ws)
    by_parcel = [fake.reminded.count(name) for name in sorted(set(fake.reminded))]
    assert len(by_parcel) == 2
    assert all(2 <= times <= 9 for times in by_parcel)
    assert set(fates_of(ws).values()) == {"expired"}
    assert asked(ws, scoped("after")).planned == MEMBERS


def test_i25_r5_whatever_the_provider_does_nothing_is_sent_twice_and_everything_ends(placed: Placed) -> None:
    ws, fake = placed
    order = random.Random(20260310)
    fake.members = fake.agreed = crowd = BitMap(range(1, 121))
    for number, channel in enumerate([Channel.SMS, Channel.EMAIL, Channel.WECOM]):
        fake.can[channel] = dataclasses.replace(fake.can[channel], batch_max=10)
        asked(ws, scoped(f"c{number}", channel=channel), crowd)
    fake.moods = [order.choice(["accept", "reject", "drop", "lost", "later", "partly"]) for _ in range(200)]
    for _ in range(80):
        forward(ws, minutes=order.choice([1, 30, 90]))
        dispatching.drain(ws)
    taken = [(one.member_no, parcel.channel.value) for parcel in fake.taken.values() for one in parcel.recipients]
    assert len(taken) == len(set(taken))
    for row in rows(ws, parcel_table):
        assert row["is_dead"] or ParcelState(row["state"]) in (ParcelState.ACCEPTED, ParcelState.DROPPED)
        if row["key"] in fake.taken:
            assert row["state"] != "failed"
    for row in rows(ws, send_table):
        is_taken = (row["member_no"], row["channel"]) in taken
        if row["fate"] in ("accepted", "waiting", "sent"):
            assert is_taken
        assert row["is_charged"] == (Fate(row["fate"]) not in fates.ENDED_BADLY)


def test_ask_again_of_the_same_scope_after_everything_is_repeated(placed: Placed) -> None:
    ws, _ = placed
    asked(ws)
    dispatching.drain(ws)
    assert asked(ws, ASK).repeated == MEMBERS
