"""One pass over sets beside asking every member for the first reason in the order that is stated."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.caps import Booking, Cap, Counters, Scope, ScopeKind, Touching, calendar, reached, take
from wellspring.engagement.rules.planning import Addresses, Message, Plan, Reason, Rules, Standing, doubled, outlook, plan
from wellspring.engagement.rules.quiet import Policy, Span, covers
from wellspring.engagement.rules.senders import Choice, Relations, choose
from wellspring.engagement.rules.zones import Zones

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
MEMBERS = range(1, 13)
ALL = Scope(ScopeKind.ALL)
NIGHT = frozenset({Span(21 * 60, 8 * 60)})
NOW = dt.datetime(2026, 3, 10, 22, tzinfo=SHANGHAI)
MORNING = dt.datetime(2026, 3, 11, 8, tzinfo=SHANGHAI)
some = st.sets(st.sampled_from(MEMBERS)).map(BitMap)
SMS = Touching("sms", "autumn")


def touched(members: BitMap) -> Counters:
    counters = Counters()
    counters.reserve(SMS, members, NOW - dt.timedelta(hours=1), Zones((), SHANGHAI))
    return counters


def addresses_of(held: dict[int, int], used: set[int]) -> Addresses:
    members = np.array(list(held), dtype=np.uint32)
    return Addresses(members, np.array(list(held.values()), dtype=np.int64), np.array(sorted(used), dtype=np.int64))


def everyone(**said: object) -> Standing:
    members = BitMap(MEMBERS)
    known = Standing(members, members, Zones((), SHANGHAI), Counters())
    return dataclasses.replace(known, **said)  # type: ignore[arg-type]


standings = st.builds(
    Standing,
    consenting=some,
    reachable=some,
    zones=some.map(lambda members: Zones(((LONDON, members),), SHANGHAI)),
    counters=some.map(touched),
    suppressed=some,
    held_out=some,
    stale=some,
    addresses=st.dictionaries(st.sampled_from(MEMBERS), st.integers(1, 4)).flatmap(
        lambda held: st.sets(st.integers(1, 4), max_size=2).map(lambda used: addresses_of(held, used))
    ),
)


RULES = Rules((Cap(ALL, 1, calendar(2)),), Policy(NIGHT))


def first_reason(member: int, standing: Standing, message: Message) -> Reason | None:
    """Of one member, the first reason but for the address, which depends on others."""
    zone = LONDON if member in standing.zones.parts[0][1] else SHANGHAI
    full = reached(RULES.caps, standing.counters, message.touching, NOW, zones=standing.zones, among=BitMap([member]))
    is_marketing = not message.touching.is_transactional
    holds: list[tuple[Reason, Callable[[], bool]]] = [
        (Reason.NO_CONSENT, lambda: is_marketing and member not in standing.consenting),
        (Reason.UNREACHABLE, lambda: member not in standing.reachable),
        (Reason.SUPPRESSED, lambda: member in standing.suppressed),
        (Reason.HELD_OUT, lambda: is_marketing and member in standing.held_out),
        (Reason.CAPPED, lambda: any(members for _, members in full)),
        (Reason.QUIET, lambda: covers(NIGHT, NOW.astimezone(zone))),
        (Reason.STALE, lambda: member in standing.stale or (message.expires_at is not None and message.expires_at <= NOW)),
    ]
    return next((reason for reason, is_so in holds if is_so()), None)


@settings(deadline=None, max_examples=200)
@given(
    audience=some,
    standing=standings,
    is_transactional=st.booleans(),
    expires=st.sampled_from([None, NOW, NOW + dt.timedelta(hours=2), NOW + dt.timedelta(days=1)]),
)
def test_d07_d08_p01_everybody_is_allowed_or_dropped_for_the_first_reason(
    audience: BitMap, standing: Standing, is_transactional: bool, expires: dt.datetime | None
) -> None:
    message = Message(Touching("sms", "autumn", is_transactional=is_transactional), expires)
    planned = plan(audience, message, standing, RULES, NOW)
    expected: dict[Reason | None, set[int]] = {reason: set() for reason in [*Reason, None]}
    for member in audience:
        expected[first_reason(member, standing, message)].add(member)
    twice = doubled(BitMap(expected[None]), standing.addresses)
    expected[Reason.ADDRESS_TAKEN] = set(twice)
    assert set(planned.allowed) == expected[None] - set(twice)
    assert {reason: set(members) for reason, members in planned.dropped.items()} == {reason: expected[reason] for reason in Reason}
    assert list(planned.dropped) == list(Reason)
    assert sum(planned.counts().values()) + len(planned.allowed) == len(audience)


@given(held=st.dictionaries(st.sampled_from(MEMBERS), st.integers(1, 5)), used=st.sets(st.integers(1, 5)), members=some)
def test_n10_one_send_per_address(held: dict[int, int], used: set[int], members: BitMap) -> None:
    left = members - doubled(members, addresses_of(held, used))
    addresses = [held[member] for member in left if member in held]
    assert len(addresses) == len(set(addresses))
    assert not used & set(addresses)
    # And not fewer than one.
    assert set(addresses) == {held[member] for member in members if member in held} - used
    assert {member for member in members if member not in held} <= set(left)


class TestHeld:
    def held(self, expires: dt.datetime | None = None, policy: Policy | None = None, **said: object) -> Plan:
        rules = Rules(quiet=policy or Policy(NIGHT))
        return plan(BitMap(MEMBERS), Message(SMS, expires), everyone(**said), rules, NOW)

    def test_q01_who_sleeps_is_held_until_their_morning(self) -> None:
        planned = self.held(zones=Zones(((LONDON, BitMap([1, 2])),), SHANGHAI))
        assert set(planned.allowed) == {1, 2}
        assert planned.held == ((MORNING, planned.dropped[Reason.QUIET]),)

    def test_q08_nobody_waits_for_a_morning_after_the_message_expired(self) -> None:
        planned = self.held(MORNING)
        assert planned.held == ()
        assert len(planned.dropped[Reason.QUIET]) == len(MEMBERS)
        assert self.held(MORNING + dt.timedelta(minutes=1)).held

    def test_q08_nor_whose_turn_is_over_already(self) -> None:
        assert self.held(stale=BitMap([1, 2])).held == ((MORNING, BitMap(MEMBERS) - BitMap([1, 2])),)

    def test_hours_that_never_end_hold_nobody(self) -> None:
        assert self.held(policy=Policy(frozenset({Span(0, 0)}))).held == ()


class TestHoldout:
    def test_e02_the_treated_are_those_assigned_with_the_capped_and_the_sleeping(self) -> None:
        standing = everyone(held_out=BitMap([1, 2]), consenting=BitMap(MEMBERS) - BitMap([1, 3]), counters=touched(BitMap([4])))
        planned = plan(BitMap(MEMBERS), Message(SMS), standing, RULES, NOW)
        # Control and treatment are cut by the same conditions: 1 and 3 said no and are in neither.
        assert set(planned.dropped[Reason.HELD_OUT]) == {2}
        assert set(planned.treated) == set(MEMBERS) - {1, 2, 3}
        assert 4 in planned.dropped[Reason.CAPPED]

    @given(audience=some, standing=standings)
    def test_e03_no_marketing_reaches_the_holdout_and_a_receipt_does(self, audience: BitMap, standing: Standing) -> None:
        planned = plan(audience, Message(SMS), standing, Rules(), NOW)
        assert not planned.allowed & standing.held_out
        receipt = Message(Touching("sms", "receipt", is_transactional=True))
        told = plan(audience, receipt, dataclasses.replace(standing, stale=BitMap(), addresses=everyone().addresses), Rules(), NOW)
        assert told.allowed == (audience & standing.reachable) - standing.suppressed


class TestOutlook:
    NOON = dt.datetime(2026, 3, 10, 12, tzinfo=SHANGHAI)
    LATER = NOON + dt.timedelta(hours=5)

    def test_f08_who_makes_way_for_a_higher_priority_is_told_apart(self) -> None:
        ahead = Booking(Touching("sms", "birthday", priority=5), BitMap([1, 2, 3]), self.LATER)
        rules = dataclasses.replace(RULES, bookings=(ahead,))
        counters = Counters()
        counters.reserve(SMS, BitMap([3, 4]), self.NOON, Zones((), SHANGHAI))
        planned = plan(BitMap(MEMBERS), Message(SMS), everyone(counters=counters), rules, self.NOON)
        assert set(planned.dropped[Reason.CAPPED]) == {1, 2, 3, 4}
        assert set(planned.yielded) == {1, 2}

    def test_f08_figures_by_guide_and_day_and_what_is_crowded_out(self) -> None:
        lesser = Booking(Touching("sms", "news", priority=-1), BitMap([1, 2, 12]), self.LATER)
        rules, standing = dataclasses.replace(RULES, bookings=(lesser,)), everyone(held_out=BitMap([2]))
        planned = plan(BitMap(MEMBERS), Message(SMS), standing, rules, self.NOON)
        relations = Relations.of(
            np.arange(1, 12, dtype=np.uint32), np.arange(11) % 2, np.zeros(11, dtype=np.int64), np.ones(11, dtype=np.bool_)
        )
        carried = choose(planned.allowed, relations, np.array([[3, 2], [9, 0]]), by=[Choice.OWNER], salt="s")
        told = outlook(planned, carried, Message(SMS), standing, rules, self.NOON)
        # Members 1, 3, 5, 7, 9, 11 belong to the first guide, who has room for five; 4, 6, 8, 10 to the second; 12 to nobody.
        assert told.by_guide_and_day.tolist() == [[3, 2], [4, 0]]
        assert (told.over_limit, told.without_guide) == (1, 1)
        assert told.by_reason[Reason.HELD_OUT] == 1
        gone = {1} - set(carried.over_limit)
        assert [(booking, set(members)) for booking, members in told.crowds_out] == ([(lesser, gone)] if gone else [])

    @settings(deadline=None)
    @given(audience=some, standing=standings)
    def test_f01_whoever_is_allowed_is_given_a_place(self, audience: BitMap, standing: Standing) -> None:
        planned = plan(audience, Message(SMS), standing, RULES, self.NOON)
        counters = Counters(standing.counters.kept())
        assert take(RULES.caps, counters, SMS, planned.allowed, self.NOON, zones=standing.zones).members == planned.allowed
        known = dataclasses.replace(standing, counters=counters)
        assert not plan(audience, Message(SMS), known, RULES, self.NOON).allowed & planned.allowed
