"""Per cent of a number: rounded up in decimal, the same for the reference, the engine's answer and the counters."""

import numpy as np
import pytest

from wellspring.audiences.facts.columns import highest
from wellspring.audiences.rules.counters import Counter
from wellspring.audiences.rules.measuring import share_of, top


@pytest.mark.parametrize(("count", "percent", "share"), [(3000, 1.1, 33), (10, 10, 1), (11, 10, 2), (7, 100, 7), (1, 0.1, 1), (0, 50, 0)])
def test_a_share_is_rounded_up_in_decimal(count: int, percent: float, share: int) -> None:
    assert share_of(count, percent) == share


def test_all_three_take_the_same_share() -> None:
    members, values = np.arange(1, 3001, dtype=np.uint32), np.arange(3000, dtype=np.int64) % 40 + 1
    wanted = top(dict(zip(members.tolist(), values.tolist(), strict=True)), 1.1)
    assert len(wanted) == 33
    assert set(highest(members, values, 1.1)) == wanted
    counter = Counter.of(members, values)
    assert set(counter.highest(share_of(3000, 1.1), counter.members())) == wanted
