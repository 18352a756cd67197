"""A call that is tried again, or comes after a merge, reaches nobody whom it may not reach by now."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyroaring import BitMap

from tests.support import people as persons
from tests.support.touching import ACCOUNT, MEMBERS, FakeCarrier, world
from wellspring.channels.contracts.sends import Channel, Receipt, ReceiptState
from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.service import calling, cutting, dispatching, following, ruling, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.stores.asking import ask as asking
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

Placed = tuple[Workspace, FakeCarrier]
ASK = Ask(Origin(OriginKind.CAMPAIGN, "cmp_1", 1), "cmp_1:1", "mat_1", Channel.SMS, ACCOUNT)


@pytest.fixture
def placed(tmp_path: Path, engine_url: str | None) -> Iterator[Placed]:
    with world(tmp_path, url=engine_url) as made:
        yield made


def ask(ws: Workspace, members: BitMap, asked: Ask = ASK) -> None:
    with ws.sql.write() as tx:
        touching.ask(ws, tx, asked, members, ws.clock.now())


def fates(ws: Workspace) -> dict[int, str]:
    with ws.sql.read() as tx:
        return {row[0]: row[1] for row in asking(tx, "SELECT member_no, fate FROM engagement_send")}


def test_d08_a_call_without_an_answer_is_not_tried_again_for_who_has_said_no_since(placed: Placed) -> None:
    ws, fake = placed
    fake.moods = ["lost"]
    ask(ws, BitMap([1, 2]))
    dispatching.drain(ws)
    fake.agreed.discard(2)
    assert isinstance(ws.clock, VirtualClock)
    for _ in range(60):
        ws.clock.move_to(ws.clock.now() + dispatching.calling.LEASE * 6)
        dispatching.drain(ws)
    # Nobody heard of it but the provider, who may have it: it is put before a person.
    assert len(fake.parcels) == 1
    with ws.sql.read() as tx:
        assert [tuple(row) for row in asking(tx, "SELECT state, is_dead FROM engagement_parcel")] == [("unknown", 1)]


@pytest.mark.parametrize("was_called", [True, False])
def test_n04_who_was_reached_as_somebody_else_is_not_reached_again(placed: Placed, was_called: bool) -> None:
    ws, fake = placed
    one, other = (persons.who(ws, f"user_id:u{number}") for number in (1, 2))
    fake.members = fake.agreed = BitMap([one, other])
    first = dataclasses.replace(ASK, channel=Channel.EMAIL)
    ask(ws, BitMap([other]), first)
    if was_called:
        dispatching.drain(ws)
    ask(ws, BitMap([one]), first)
    people.merge(ws, by=SYSTEM, ids=[persons.member_id(ws, number) for number in (one, other)], survivor_id=persons.member_id(ws, one))
    fake.members = BitMap([one])
    dispatching.drain(ws)
    assert fake.touched == ([other] if was_called else [one])
    assert fates(ws)[one] == ("dropped" if was_called else "accepted")


def test_f09_a_call_that_comes_a_day_late_is_asked_again_and_counted_on_that_day(placed: Placed) -> None:
    ws, fake = placed
    ruling.add(ws, by=SYSTEM, draft=RuleDraft(RuleKind.CAP, "上限", cap=CapRule("all", "", 1, is_calendar=True, length=1)))
    fake.moods = ["later"]
    ask(ws, BitMap([1]))
    dispatching.step(ws)
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(days=1))
    # The place of yesterday is of no use; today's goes to whoever comes first.
    other = dataclasses.replace(ASK, origin=Origin(OriginKind.CAMPAIGN, "cmp_2", 1), scope="cmp_2:1")
    ask(ws, BitMap([1]), other)
    dispatching.drain(ws)
    assert len(fake.touched) == 1
    with ws.sql.read() as tx:
        rows = asking(tx, "SELECT origin_id, reason FROM engagement_drop ORDER BY origin_id")
    assert [tuple(row) for row in rows] == [("cmp_1", "capped")]


def test_f09_and_where_there_is_room_it_goes(placed: Placed) -> None:
    ws, fake = placed
    fake.moods = ["later"]
    ask(ws, BitMap([1, 2]))
    dispatching.step(ws)
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(days=1))
    dispatching.drain(ws)
    assert sorted(fake.touched) == [1, 2]
    with ws.sql.read() as tx:
        rows = [tuple(row) for row in asking(tx, "SELECT fate, reason, is_charged FROM engagement_send ORDER BY id")]
    assert rows == [("dropped", "lost_slot", 0)] * 2 + [("accepted", "", 1)] * 2


def test_d10_what_is_told_before_the_answer_came_was_taken(placed: Placed) -> None:
    ws, fake = placed
    fake.moods = ["drop"]
    ask(ws, BitMap([1]))
    dispatching.step(ws)
    key = next(iter(fake.taken))
    with ws.sql.write() as tx:
        following.heard(ws, tx, key, Receipt("", "a1", ReceiptState.DELIVERED, "", ws.clock.now()))
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(hours=1))
    dispatching.drain(ws)
    assert fates(ws) == {1: "delivered"}
    with ws.sql.read() as tx:
        assert [row[0] for row in asking(tx, "SELECT state FROM engagement_parcel")] == ["accepted"]


def test_d03_several_callers_at_once_make_each_call_once(placed: Placed) -> None:
    ws, carrier = placed
    carrier.can[Channel.SMS] = dataclasses.replace(carrier.can[Channel.SMS], batch_max=1)
    ask(ws, MEMBERS)
    cutting.step(ws)
    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(lambda _: calling.step(ws), range(8)))
    assert made == len(carrier.parcels) == len({parcel.key for parcel in carrier.parcels}) == len(MEMBERS)
    assert set(fates(ws).values()) == {"accepted"}
