"""Rows in memory: whatever comes in whatever order, a view shows exactly what had arrived by then."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellspring.audiences.facts import held_rows
from wellspring.audiences.facts.held_rows import Block, Rows

pieces = st.lists(st.lists(st.tuples(st.integers(0, 12), st.integers(-50, 50)), max_size=30), min_size=1, max_size=8)
_Row = tuple[int, int, int, int]


def block_of(found: list[_Row]) -> Block:
    member, at, arrival, amount = ([row[place] for row in found] for place in range(4))
    whole = [np.array(column, dtype=np.int64) for column in (at, arrival, amount)]
    return Block(np.array(member, dtype=np.uint32), *whole)


def rows_of(block: Block) -> list[_Row]:
    columns = (block.member, block.at, block.arrival, block.amount)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@settings(deadline=None, max_examples=200)
@given(pieces=pieces, low=st.integers(-60, 60), wide=st.integers(0, 60), whom=st.sets(st.integers(0, 14), min_size=1))
@pytest.mark.parametrize("late_max", [0, 1 << 16])
def test_a_view_is_what_had_arrived(pieces: list[list[tuple[int, int]]], low: int, wide: int, whom: set[int], late_max: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_rows, "_LATE_MAX", late_max)
        told: list[_Row] = []
        rows = Rows(block_of([]), 0)
        seen = []
        for upto, piece in enumerate(pieces, 1):
            fresh = [(member, at, len(told) + place, 7 * member) for place, (member, at) in enumerate(piece)]
            told = told + fresh
            rows.append(block_of(fresh), upto)
            seen.append((rows.view(upto), told))
        members = np.array(sorted(whom), dtype=np.uint32)
        # The oldest that are still kept, and in between the newest: each sees its own rows.
        for view, expected in [*seen[-4:], seen[-1]]:
            assert view is not None
            assert rows_of(view.between(low, low + wide)) == sorted(row for row in expected if low <= row[1] < low + wide)
            assert rows_of(view.histories(members)) == sorted(row for row in expected if row[0] in whom)
        assert rows.view(len(pieces) + 1) is None
