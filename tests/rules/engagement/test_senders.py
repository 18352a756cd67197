"""Who carries what: choices, days and limits beside a plain count."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.senders import Assignment, Choice, Relations, choose

GUIDES, MEMBERS = 4, range(1, 13)
Pair = tuple[int, int]
pairs = st.dictionaries(st.tuples(st.sampled_from(MEMBERS), st.integers(0, GUIDES - 1)), st.tuples(st.integers(0, 5), st.booleans()))
rooms = st.integers(1, 3).flatmap(
    lambda days: st.lists(st.lists(st.integers(0, 4), min_size=days, max_size=days), min_size=GUIDES, max_size=GUIDES)
)
orders = st.permutations(list(Choice)).flatmap(lambda order: st.integers(1, 3).map(lambda count: order[:count]))


def relations_of(known: dict[Pair, tuple[int, bool]]) -> Relations:
    columns = list(zip(*((*pair, *said) for pair, said in known.items()), strict=True)) or [(), (), (), ()]
    kinds = (np.uint32, np.int64, np.int64, np.bool_)
    return Relations.of(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def placed(found: Assignment) -> dict[int, Pair]:
    return {int(member): (int(guide), int(day)) for member, guide, day in zip(found.members, found.guides, found.days, strict=True)}


def told(known: dict[Pair, tuple[int, bool]], member: int, choice: Choice) -> int | None:
    """The guide whom a choice names, where it does not depend on others."""
    mine = {guide: said for (who, guide), said in known.items() if who == member}
    if choice is Choice.OWNER:
        return min((guide for guide, (_, is_owner) in mine.items() if is_owner), default=None)
    return max(mine, key=lambda guide: (mine[guide][0], -guide), default=None)


@settings(deadline=None, max_examples=200)
@given(known=pairs, room=rooms, wanted=st.sets(st.sampled_from(MEMBERS)), by=orders)
def test_no_guide_sends_more_on_a_day_than_there_is_room_for(
    known: dict[Pair, tuple[int, bool]], room: list[list[int]], wanted: set[int], by: list[Choice]
) -> None:
    found = choose(BitMap(wanted), relations_of(known), np.array(room, dtype=np.int64), by=by, salt="s")
    where = placed(found)
    assert set(where) == wanted
    counts = Counter(place for place in where.values() if place[1] >= 0)
    assert found.counts().tolist() == [[counts[guide, day] for day in range(len(room[0]))] for guide in range(GUIDES)]
    assert all(count <= room[guide][day] for (guide, day), count in counts.items())
    assert set(found.over_limit) == {member for member, (guide, day) in where.items() if guide >= 0 > day}
    batches = {(guide, day): set(members) for guide, day, members in found.batches()}
    by_place = defaultdict(set)
    for member, place in where.items():
        if place[1] >= 0:
            by_place[place].add(member)
    assert batches == by_place
    for member in found.over_limit:
        assert counts.total() == len(wanted) or sum(room[where[member][0]]) == sum(
            counts[where[member][0], day] for day in range(len(room[0]))
        ), "over the limit only when every day of the guide is full"


@settings(deadline=None, max_examples=200)
@given(known=pairs, room=rooms, wanted=st.sets(st.sampled_from(MEMBERS)), by=orders)
def test_the_first_choice_that_names_a_guide_decides(
    known: dict[Pair, tuple[int, bool]], room: list[list[int]], wanted: set[int], by: list[Choice]
) -> None:
    found = choose(BitMap(wanted), relations_of(known), np.array(room, dtype=np.int64), by=by, salt="s")
    guides = {member: {guide for who, guide in known if who == member} for member in wanted}
    for member, (guide, _) in placed(found).items():
        expected = None
        for choice in by:
            if choice is Choice.BALANCED and guides[member]:
                break
            if choice is not Choice.BALANCED and (expected := told(known, member, choice)) is not None:
                break
        if expected is not None:
            assert guide == expected
        else:
            assert guide in guides[member] or guide == -1
    nobody = {member for member in wanted if not guides[member]}
    assert nobody <= set(found.without_guide)
    if set(by) != {Choice.OWNER}:
        assert nobody == set(found.without_guide)


@settings(deadline=None, max_examples=200)
@given(known=pairs, room=rooms, wanted=st.sets(st.sampled_from(MEMBERS)))
def test_balanced_nobody_waits_while_one_of_their_guides_has_room(
    known: dict[Pair, tuple[int, bool]], room: list[list[int]], wanted: set[int]
) -> None:
    found = choose(BitMap(wanted), relations_of(known), np.array(room, dtype=np.int64), by=[Choice.BALANCED], salt="s")
    used = found.counts().sum(axis=1)
    for member in found.over_limit:
        assert all(used[guide] == sum(room[guide]) for who, guide in known if who == member)


def test_loads_are_level_when_everybody_knows_everybody() -> None:
    count, guides = 4_000, 10
    columns = np.repeat(np.arange(1, count + 1, dtype=np.uint32), guides), np.tile(np.arange(guides), count)
    zero = np.zeros(count * guides, dtype=np.int64)
    relations = Relations.of(*columns, zero, zero.astype(np.bool_))
    found = choose(BitMap(range(1, count + 1)), relations, np.full((guides, 1), 1_000), by=[Choice.BALANCED], salt="s").counts()
    assert found.sum() == count
    assert np.ptp(found) <= 0.04 * count / guides
    # Guides with little room do not make the others uneven.
    room = np.array([[50]] * 5 + [[1_000]] * 5)
    found = choose(BitMap(range(1, count + 1)), relations, room, by=[Choice.BALANCED], salt="s").counts()
    assert found[:5].tolist() == [[50]] * 5
    assert found.sum() == count
    assert np.ptp(found[5:]) <= 0.04 * count / 5


def test_a_queue_is_ordered_by_hash_and_stable() -> None:
    known = {(member, 0): (0, True) for member in range(1, 1_001)}
    members, room = BitMap(range(1, 1_001)), np.full((1, 4), 250)
    first = choose(members, relations_of(known), room, by=[Choice.OWNER], salt="s")
    assert [day for _, day, _ in first.batches()] == [0, 1, 2, 3]
    assert 50 < len(next(first.batches())[2] & BitMap(range(1, 251))) < 75
    again = choose(members, relations_of(known), room, by=[Choice.OWNER], salt="s")
    assert placed(first) == placed(again)


@pytest.mark.parametrize("room", [np.zeros((1, 0), dtype=np.int64), np.zeros((1, 32), dtype=np.int64), np.array([[-1]])])
def test_room_that_is_none_is_refused(room: np.ndarray) -> None:
    with pytest.raises(ValueError, match="1 to 31 days"):
        choose(BitMap([1]), relations_of({}), room, by=[Choice.OWNER], salt="s")
