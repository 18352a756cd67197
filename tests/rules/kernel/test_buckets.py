"""The published hash, one at a time and in columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.kernel import buckets
from wellspring.kernel.buckets import BUCKETS, bucket, fnv1a

NUMBERS = st.integers(0, 2**32 - 1) | st.sampled_from([10**power + step for power in range(10) for step in (-1, 0)])


class TestOne:
    """The values are of GrowthBook's published cases."""

    @pytest.mark.parametrize(
        ("seed", "value", "expected"),
        [("seed", "a", 505), ("seed", "b", 2696), ("foo", "ab", 2575), ("foo", "def", 2019), ("89123klj", "8952klfjas09ujkasdf", 1240)],
    )
    def test_the_hash_is_the_published_one(self, seed: str, value: str, expected: int) -> None:
        assert bucket(seed, value) == expected
        assert buckets.of_ids(seed, [value]).tolist() == [expected]

    def test_it_runs_over_utf_16_code_units(self) -> None:
        # The tea cup is two units; FNV-1a by hand.
        expected = 0x811C9DC5
        for unit in (0xD83C, 0xDF75):
            expected = ((expected ^ unit) * 0x01000193) % 2**32
        assert fnv1a("\U0001f375") == expected

    def test_s14_uniform_and_independent_between_salts(self) -> None:
        members = [f"mem_{number}" for number in range(4_000)]
        first = {member for member in members if bucket("one", member) < BUCKETS / 10}
        both = {member for member in first if bucket("two", member) < BUCKETS / 2}
        assert 340 < len(first) < 460
        assert 0.4 < len(both) / len(first) < 0.6


class TestColumns:
    @given(st.text(max_size=6), st.lists(NUMBERS, max_size=20))
    def test_a_number_is_hashed_as_its_decimal_text(self, salt: str, numbers: list[int]) -> None:
        assert buckets.of_numbers(salt, numbers).tolist() == [bucket(salt, str(number)) for number in numbers]

    @given(st.text(max_size=6), st.lists(st.text("abcXYZ019_-", max_size=30), max_size=20))
    def test_ids_of_any_length_and_order(self, salt: str, ids: list[str]) -> None:
        assert buckets.of_ids(salt, ids).tolist() == [bucket(salt, public_id) for public_id in ids]

    def test_more_than_one_piece(self) -> None:
        numbers = list(range(32_760, 98_400, 7))
        assert buckets.of_numbers("x", numbers).tolist() == [bucket("x", str(number)) for number in numbers]
        assert len(buckets.of_numbers("x", range(70_000))) == 70_000

    def test_an_id_beyond_ascii_is_refused_and_never_hashed_differently(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            buckets.of_ids("salt", ["会员"])
