"""Best slots: the walk over (content, tier) pairs beside every possible choice of small cases."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.levels import Levels, raised
from wellspring.engagement.rules.slots import Chosen, Content, Tier, best, tiers_of

MEMBERS = range(1, 6)


@st.composite
def contents(draw: st.DrawFn, *, has_totals: bool = False, count_max: int = 5) -> list[Content]:
    found = []
    for place in range(draw(st.integers(1, count_max))):
        tier_of = draw(st.lists(st.integers(-1, 2), min_size=len(MEMBERS), max_size=len(MEMBERS)))
        values = draw(st.lists(st.integers(-2, 9), min_size=3, max_size=3))
        tiers = tuple(
            Tier(BitMap(member for member, held in zip(MEMBERS, tier_of, strict=True) if held == tier), value)
            for tier, value in enumerate(values)
        )
        eligible = draw(st.one_of(st.none(), st.sets(st.sampled_from(MEMBERS)).map(BitMap)))
        total = draw(st.integers(0, 3)) if has_totals else None
        found.append(Content(f"c{place}", tiers, eligible, total))
    return found


def worth(content: Content, member: int) -> int:
    if content.eligible is not None and member not in content.eligible:
        return 0
    return max((tier.value for tier in content.tiers if member in tier.members), default=0)


def best_of_one(offered: list[Content], member: int, slots: int) -> int:
    sets = itertools.chain.from_iterable(itertools.combinations(offered, size) for size in range(slots + 1))
    return max(sum(worth(content, member) for content in some) for some in sets)


def best_of_all(offered: list[Content], members: tuple[int, ...], slots: int) -> int:
    """Every way to give contents to members under the totals, by trying."""

    def tried(place: int, left: tuple[int, ...]) -> int:
        if place == len(members):
            return 0
        found = 0
        for size in range(slots + 1):
            for some in itertools.combinations(range(len(offered)), size):
                if all(left[each] for each in some):
                    rest = tuple(count - (each in some) for each, count in enumerate(left))
                    found = max(found, sum(worth(offered[each], members[place]) for each in some) + tried(place + 1, rest))
        return found

    return tried(0, tuple(len(members) if content.total is None else content.total for content in offered))


def earned(offered: list[Content], chosen: Chosen) -> int:
    return sum(worth(content, member) for content in offered for member in chosen.given[content.id])


def had(chosen: Chosen, member: int) -> int:
    return sum(member in members for members in chosen.given.values())


@settings(deadline=None, max_examples=300)
@given(offered=contents(), slots=st.integers(1, 4), used=st.lists(st.sets(st.sampled_from(MEMBERS)), max_size=4))
def test_f08_every_member_gets_what_is_worth_most_to_them(offered: list[Content], slots: int, used: list[set[int]]) -> None:
    levels: Levels = ()
    for members in used:
        levels = raised(levels, BitMap(members))
    chosen = best(offered, slots, salt="s", used=levels)
    for member in MEMBERS:
        free = max(0, slots - sum(member in members for members in used))
        got = [worth(content, member) for content in offered if member in chosen.given[content.id]]
        assert len(got) <= free
        assert all(value > 0 for value in got)
        assert sum(got) == best_of_one(offered, member, free)
    assert chosen.value == earned(offered, chosen)


@settings(deadline=None, max_examples=150)
@given(offered=contents(has_totals=True, count_max=3), slots=st.integers(1, 2))
def test_f08_totals_hold_and_cost_at_most_half(offered: list[Content], slots: int) -> None:
    chosen = best(offered, slots, salt="s")
    assert all(content.total is None or len(chosen.given[content.id]) <= content.total for content in offered)
    assert all(had(chosen, member) <= slots for member in MEMBERS)
    assert chosen.value == earned(offered, chosen)
    highest = best_of_all(offered, tuple(MEMBERS), slots)
    assert highest / 2 <= chosen.value <= highest
    unbound = best([Content(content.id, content.tiers, content.eligible) for content in offered], slots, salt="s")
    assert highest <= unbound.value, "the walk without totals bounds what any choice can earn"


def test_f06_no_content_twice_though_its_tiers_overlap() -> None:
    offered = [Content("a", (Tier(BitMap([1, 2]), 9), Tier(BitMap([1]), 5)))]
    assert best(offered, 3, salt="s") == Chosen({"a": BitMap([1, 2])}, 18)


def test_equal_values_go_by_the_order_of_the_contents() -> None:
    offered = [Content(name, (Tier(BitMap([1]), 5),)) for name in "ab"]
    assert best(offered, 1, salt="s").given == {"a": BitMap([1]), "b": BitMap()}


def test_a_scarce_content_goes_by_hash_not_by_age_and_differently_for_each() -> None:
    everyone = BitMap(range(1, 2_001))
    offered = [Content(name, (Tier(everyone, 5),), total=1_000) for name in "ab"]
    chosen = best(offered, 2, salt="s")
    assert [len(members) for members in chosen.given.values()] == [1_000, 1_000]
    assert 400 < len(chosen.given["a"] & BitMap(range(1, 1_001))) < 600
    assert 400 < len(chosen.given["a"] & chosen.given["b"]) < 600
    assert chosen == best(offered, 2, salt="s")


@pytest.mark.parametrize("slots", [0, 21])
def test_slots_have_a_limit(slots: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        best([], slots, salt="s")


class TestTiers:
    @given(values=st.lists(st.integers(-5, 40), max_size=60), tiers_max=st.integers(1, 50))
    def test_values_of_single_members_lose_at_most_a_step(self, values: list[int], tiers_max: int) -> None:
        members = np.arange(1, len(values) + 1, dtype=np.uint32)[::-1]
        found = tiers_of(members, np.array(values, dtype=np.int64), tiers_max=tiers_max)
        different = {value for value in values if value > 0}
        step = 0 if len(different) <= tiers_max else -(-max(different) // tiers_max)
        assert len(found) <= tiers_max + 1
        told = {member: tier.value for tier in found for member in tier.members}
        assert set(told) == {member for member, value in zip(members.tolist(), values, strict=True) if value > 0}
        for member, value in zip(members.tolist(), values, strict=True):
            if value > 0:
                assert told[member] > 0
                assert value - step <= told[member] <= value
