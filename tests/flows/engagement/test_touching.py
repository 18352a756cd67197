"""Asking for touches: planned, charged and written in one transaction, once per scope, and taken back in full."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyroaring import BitMap

from tests.support import people as persons
from tests.support.touching import ACCOUNT, MEMBERS, FakeCarrier, world
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.contracts.touches import BatchState, Origin, OriginKind, Purpose, Why
from wellspring.engagement.repo import batches
from wellspring.engagement.service import ruling, touching
from wellspring.engagement.service.touching import Ask, Asked
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

CAMPAIGN = Origin(OriginKind.CAMPAIGN, "cmp_1", 1)
ASK = Ask(CAMPAIGN, "cmp_1:1", "mat_1", Channel.SMS, ACCOUNT)
NIGHT = RuleDraft(RuleKind.QUIET, "勿扰", spans=(SpanRule(21 * 60, 8 * 60),))


@pytest.fixture
def placed(tmp_path: Path, engine_url: str | None) -> Iterator[tuple[Workspace, FakeCarrier]]:
    with world(tmp_path, url=engine_url) as made:
        yield made


def cap(times: int = 1, *, scope: str = "all", name: str = "", days: int = 1, is_calendar: bool = True) -> RuleDraft:
    return RuleDraft(RuleKind.CAP, "上限", cap=CapRule(scope, name, times, is_calendar, days))


def asked(ws: Workspace, ask: Ask = ASK, members: BitMap = MEMBERS, at: dt.datetime | None = None) -> Asked:
    with ws.sql.write() as tx:
        return touching.ask(ws, tx, ask, members, at or ws.clock.now())


def scoped(name: str, **rest: object) -> Ask:
    return dataclasses.replace(ASK, origin=Origin(OriginKind.CAMPAIGN, name, 1), scope=f"{name}:1", **rest)  # type: ignore[arg-type]


def test_d01_the_intent_is_there_before_anything_is_sent(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, fake = placed
    found = asked(ws)
    assert found.planned == MEMBERS
    assert found.dropped == {}
    with ws.sql.read() as tx:
        (batch,) = batches.open_of(tx, OriginKind.CAMPAIGN, "cmp_1")
    assert batch.members == MEMBERS
    assert fake.parcels == []


def test_v07_a_scope_touches_a_member_once_whatever_version_asks(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    asked(ws, members=BitMap(range(1, 11)))
    again = asked(ws, dataclasses.replace(ASK, origin=dataclasses.replace(CAMPAIGN, version=2)))
    assert again.repeated == BitMap(range(1, 11))
    assert again.planned == BitMap(range(11, 21))


def test_j03_the_same_key_is_touched_once_and_another_again(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    one = dataclasses.replace(ASK, keys={1: "order-1", 2: "order-2"})
    asked(ws, one, BitMap([1, 2]))
    again = asked(ws, dataclasses.replace(one, keys={1: "order-1", 2: "order-3"}), BitMap([1, 2]))
    assert again.repeated == BitMap([1])
    assert again.planned == BitMap([2])


def test_f01_a_hundred_at_once_under_a_cap_of_one_are_one(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=cap())
    planned: list[Asked] = []
    threads = [threading.Thread(target=lambda n=n: planned.append(asked(ws, scoped(f"c{n}"), BitMap([7])))) for n in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(found.planned) for found in planned) == 1
    assert sum(len(found.dropped.get(Why.CAPPED, BitMap())) for found in planned) == 99


def test_f02_what_is_taken_back_frees_the_place(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=cap())
    asked(ws)
    with ws.sql.write() as tx:
        assert touching.withdraw(ws, tx, origin=CAMPAIGN, members=BitMap([1, 2])) == BitMap([1, 2])
    again = asked(ws, scoped("other"))
    assert again.planned == BitMap([1, 2])
    assert again.dropped[Why.CAPPED] == MEMBERS - BitMap([1, 2])


def test_f03_a_calendar_day_is_the_members_own(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=cap())
    late = dt.datetime(2026, 3, 10, 15, 0, tzinfo=dt.UTC)
    asked(ws, at=late)
    assert asked(ws, scoped("next"), at=late + dt.timedelta(minutes=50)).dropped[Why.CAPPED] == MEMBERS
    assert asked(ws, scoped("after"), at=late + dt.timedelta(minutes=70)).planned == MEMBERS


def test_f05_a_service_message_passes_and_is_not_counted(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, fake = placed
    fake.agreed = BitMap()
    ruling.add(ws, by=SYSTEM, draft=cap())
    service = scoped("receipt", purpose=Purpose.SERVICE)
    assert asked(ws, service).planned == MEMBERS
    fake.agreed = BitMap(MEMBERS)
    assert asked(ws).planned == MEMBERS


def test_f06_of_several_rules_the_strictest_wins(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=cap(5))
    ruling.add(ws, by=SYSTEM, draft=cap(1, scope="tag", name="促销", days=48, is_calendar=False))
    tagged = {"tags": frozenset({"促销"})}
    assert asked(ws, scoped("one", **tagged)).planned == MEMBERS
    assert asked(ws, scoped("two", **tagged)).dropped[Why.CAPPED] == MEMBERS
    assert asked(ws, scoped("three")).planned == MEMBERS


def test_f08_the_more_important_message_of_tomorrow_keeps_its_place(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=cap(1, days=2))
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    night = dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC)
    held = asked(ws, scoped("important", priority=9), at=night)
    assert BitMap().union(*(members for _, members in held.held)) == MEMBERS
    service_hour = dt.datetime(2026, 3, 10, 12, 30, tzinfo=dt.UTC)
    assert asked(ws, scoped("minor", priority=1), at=service_hour).dropped[Why.CAPPED] == MEMBERS
    assert asked(ws, scoped("equal", priority=9), at=service_hour).planned == MEMBERS


def test_f10_a_higher_cap_releases_nobody_who_was_skipped(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    rule = ruling.add(ws, by=SYSTEM, draft=cap())
    asked(ws)
    asked(ws, scoped("skipped"))
    ruling.change(ws, by=SYSTEM, rule_id=rule.id, version=rule.version, draft=cap(9))
    with ws.sql.read() as tx:
        assert batches.open_of(tx, OriginKind.CAMPAIGN, "skipped") == []


def test_q01_a_night_holds_until_its_end_in_the_members_own_zone(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    night = dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC)
    found = asked(ws, at=night)
    assert found.planned == BitMap()
    assert Why.QUIET not in found.dropped
    assert {at for at, _ in found.held} == {dt.datetime(2026, 3, 11, 0, 0, tzinfo=dt.UTC)}


def test_q02_the_zone_is_what_was_said_then_what_was_inferred_then_the_projects(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, fake = placed
    said = persons.who(ws, "user_id:said", attributes={"timezone": "Europe/London", "timezone_inferred": "Asia/Tokyo"})
    inferred = persons.who(ws, "user_id:inferred", attributes={"timezone": "Mars/Base", "timezone_inferred": "America/New_York"})
    nothing = persons.who(ws, "user_id:nothing")
    fake.members = fake.agreed = everybody = BitMap([said, inferred, nothing])
    ruling.add(ws, by=SYSTEM, draft=NIGHT)
    at = dt.datetime(2026, 3, 10, 14, 0, tzinfo=dt.UTC)
    found = asked(ws, members=everybody, at=at)
    assert found.planned == BitMap([said, inferred])
    assert BitMap().union(*(members for _, members in found.held)) == BitMap([nothing])


def test_q12_a_law_adds_to_what_the_brand_chose(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    law = RuleDraft(RuleKind.LAW, "法规", spans=(SpanRule(9 * 60, 11 * 60),), zones=("Asia/Shanghai",))
    ruling.add(ws, by=SYSTEM, draft=law)
    assert asked(ws).planned == BitMap()
    elsewhere = dataclasses.replace(law, zones=("Europe/Paris",))
    ws2 = ruling.listing
    with ws.sql.read() as tx:
        (rule,) = ws2(tx)
    ruling.change(ws, by=SYSTEM, rule_id=rule.id, version=rule.version, draft=elsewhere)
    assert asked(ws, scoped("other")).planned == MEMBERS


def test_n10_one_slot_for_an_address(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, fake = placed
    fake.shared = {3: "family", 4: "family", 5: "family"}
    found = asked(ws)
    assert found.dropped == {Why.ADDRESS_TAKEN: BitMap([4, 5])}


def test_guides_carry_it_and_a_full_day_moves_to_the_next(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, _ = placed
    ws.settings.put(EngagementSettings(guide_messages_per_day_max=6))
    found = asked(ws, scoped("wecom", channel=Channel.WECOM))
    assert len(found.planned) == 12
    assert sum(len(members) for _, members in found.held) == 8
    with ws.sql.read() as tx:
        now = [batch for batch in batches.open_of(tx, OriginKind.CAMPAIGN, "wecom") if batch.state is BatchState.PLANNED]
    assert sorted((batch.sender, len(batch.members)) for batch in now) == [("gina", 6), ("hugo", 6)]


def test_a_preview_writes_nothing_and_says_what_asking_would(placed: tuple[Workspace, FakeCarrier]) -> None:
    ws, fake = placed
    fake.agreed = BitMap(range(1, 16))
    with ws.sql.read() as tx:
        seen = touching.preview(ws, tx, scoped("wecom", channel=Channel.WECOM), MEMBERS, ws.clock.now())
    assert seen.asked.planned == BitMap(range(1, 16))
    assert seen.guides == ("hugo", "gina")
    assert int(seen.outlook.by_guide_and_day.sum()) == 15
    with ws.sql.read() as tx:
        assert batches.open_of(tx, OriginKind.CAMPAIGN, "wecom") == []
    assert asked(ws, scoped("wecom", channel=Channel.WECOM)).planned == seen.asked.planned
