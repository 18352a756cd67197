"""Bitmaps: ClickHouse's bytes, and cutting by a stable hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.kernel import sets

MEMBERS = st.sets(st.integers(1, 2**32 - 1), max_size=200).map(BitMap)


@given(MEMBERS)
def test_states_round_trip(members: BitMap) -> None:
    assert sets.from_clickhouse(sets.to_clickhouse(members)) == members


@pytest.mark.parametrize("broken", [b"", b"\x02", b"\x00\x05\x00", b"\x01\xff", b"\x01\x80\x80"])
def test_other_bytes_are_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="groupBitmap"):
        sets.from_clickhouse(broken)


@given(MEMBERS, st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any), st.text(max_size=5))
def test_parts_are_disjoint_and_whole(members: BitMap, weights: list[int], salt: str) -> None:
    parts = sets.split(members, salt=salt, weights=weights)
    assert BitMap.union(*parts) == members if len(parts) > 1 else parts[0] == members
    assert sum(map(len, parts)) == len(members)
    assert all(not part for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_a_member_stays_in_its_part_whoever_else_is_there() -> None:
    whole = sets.split(BitMap(range(1, 10_000)), salt="holdout", weights=[1, 9])[0]
    some = sets.split(BitMap(range(5_000, 20_000)), salt="holdout", weights=[1, 9])[0]
    assert whole & BitMap(range(5_000, 10_000)) == some & BitMap(range(5_000, 10_000))


def test_parts_are_uniform_and_independent_between_salts() -> None:
    everyone = BitMap(range(1, 200_001))
    first = sets.split(everyone, salt="a", weights=[1, 1])[0]
    second = sets.split(everyone, salt="b", weights=[1, 1])[0]
    # Five standard deviations of a binomial with 200,000 draws.
    assert abs(len(first) - 100_000) < 5 * 224
    assert abs(len(first & second) - 50_000) < 5 * 194
