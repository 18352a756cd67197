"""Codes on packages: every serial has its own, nothing else is one, and people may type them as they read them."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.acquisition.rules import draws
from wellspring.acquisition.rules.item_codes import ALPHABET, CODES_MAX, STEP, Maker, batch_no, normal, printed

MAKER = Maker(1_234, bytes(range(32)))
serials = st.integers(0, CODES_MAX - 1)


@given(serials, st.integers(0, 32_767), st.binary(min_size=32, max_size=32))
def test_a_code_is_read_back(serial: int, no: int, key: bytes) -> None:
    maker = Maker(no, key)
    code = maker.code(serial)
    assert normal(printed(code)) == code
    assert (batch_no(code), maker.serial(code, count=CODES_MAX)) == (no, serial)
    assert maker.serial(code, count=serial) is None


@given(serials, st.integers(3, 19), st.sampled_from(ALPHABET))
def test_a_code_with_one_other_letter_is_none(serial: int, place: int, letter: str) -> None:
    code = MAKER.code(serial)
    changed = code[:place] + letter + code[place + 1 :]
    assert (MAKER.serial(changed, count=CODES_MAX) == serial) == (changed == code)


@given(serials, serials)
def test_the_serial_of_one_code_with_the_tag_of_another_is_none(one: int, other: int) -> None:
    mixed = MAKER.code(one)[:15] + MAKER.code(other)[15:]
    assert MAKER.serial(mixed, count=CODES_MAX) in {None, one}


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    lines = np.concatenate(list(MAKER.stream(5, STEP + 9)))
    assert len(lines) == STEP + 4
    assert [lines[place].tobytes().decode() for place in (0, 1, -1)] == [MAKER.code(serial) for serial in (5, 6, STEP + 8)]
    assert len({line.tobytes() for line in lines}) == len(lines)


def test_letters_are_even_and_neighbours_are_strangers() -> None:
    lines = MAKER.letters(0, 50_000)[:, 3:]
    shares = np.bincount(lines.ravel(), minlength=128)[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] / lines.size
    assert abs(shares - 1 / 32).max() < 0.001
    agreeing = (lines[1:] == lines[:-1]).mean()
    assert abs(agreeing - 1 / 32) < 0.001


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("abcde-fghjk mnpqr-stvwx", "ABCDEFGHJKMNPQRSTVWX"),
        ("OIl00-00000-00000-00000", "01100000000000000000"),
        ("ABCDE", None),
        ("U" * 20, None),
        ("É" * 20, None),
        ("", None),
    ],
)
def test_what_people_type(typed: str, read: str | None) -> None:
    assert normal(typed) == read


class TestDraws:
    @given(st.integers(1, 400), st.binary(min_size=32, max_size=32))
    def test_every_ticket_has_a_place_of_its_own(self, tickets: int, seed: bytes) -> None:
        assert sorted(draws.place(ticket, tickets, seed) for ticket in range(tickets)) == list(range(tickets))

    @given(st.lists(st.integers(0, 6), max_size=4), st.binary(min_size=32, max_size=32))
    def test_prizes_are_drawn_as_often_as_there_are(self, counts: list[int], seed: bytes) -> None:
        tickets = sum(counts) + 5
        drawn = [draws.outcome(ticket, tickets, seed, counts) for ticket in range(tickets)]
        assert [drawn.count(index) for index in range(len(counts))] == counts
        assert drawn.count(None) == 5

    def test_as_the_specification_reads(self) -> None:
        """`compute_shuffled_index` of the Ethereum consensus specification, written down a second time."""
        seed, tickets = hashlib.sha256(b"seed").digest(), 1_000
        for first in (0, 1, 499, 999):
            index = first
            for turn in range(90):
                pivot = int.from_bytes(hashlib.sha256(seed + turn.to_bytes(1, "little")).digest()[0:8], "little") % tickets
                flip = (pivot + tickets - index) % tickets
                position = max(index, flip)
                source = hashlib.sha256(seed + turn.to_bytes(1, "little") + (position // 256).to_bytes(4, "little")).digest()
                byte = source[(position % 256) // 8]
                index = flip if (byte >> (position % 8)) % 2 else index
            assert draws.place(first, tickets, seed) == index

    def test_odds_are_whole_numbers(self) -> None:
        assert str(draws.odds(50, 10_000)) == "1/200"
