"""Prize draws whose outcome is fixed before the first scan, and can be checked by anyone afterwards.

A draw has as many tickets as its batch has codes. A secret seed shuffles the tickets by the "swap-or-not" network (Hoang,
Morris and Rogaway, CRYPTO 2012), exactly as `compute_shuffled_index` of the Ethereum consensus specification does; the
first places of the shuffled order win the first prize, the next ones the second. So each prize is drawn exactly as often
as it was published, odds are a quotient of two whole numbers, and no run of luck can exceed the budget. SHA-256 of the
seed is published beforehand, the seed afterwards. Pays nothing out.
"""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

SEED_BYTES = 32
# As in the specification; 90 rounds leave no bias that could be measured for up to 2^40 tickets.
_ROUNDS = 90


class Prized(Protocol):
    """What a draw must know of a prize."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def value_minor(self) -> int:
        """What one costs."""
        ...


def commitment(seed: bytes) -> str:
    """What is published before the first ticket is drawn."""
    return hashlib.sha256(seed).hexdigest()


def place(ticket: int, tickets: int, seed: bytes) -> int:
    """Where a ticket stands in the shuffled order."""
    for turn in range(_ROUNDS):
        start = seed + bytes([turn])
        pivot = int.from_bytes(hashlib.sha256(start).digest()[:8], "little") % tickets
        flip = (pivot + tickets - ticket) % tickets
        position = max(ticket, flip)
        source = hashlib.sha256(start + (position // 256).to_bytes(4, "little")).digest()
        if source[position % 256 // 8] >> (position % 8) & 1:
            ticket = flip
    return ticket


def outcome(ticket: int, tickets: int, seed: bytes, counts: Sequence[int]) -> int | None:
    """Which prize (its place in the list) a ticket has won, None for none."""
    rank = place(ticket, tickets, seed)
    for index, count in enumerate(counts):
        if rank < count:
            return index
        rank -= count
    return None


def cost_minor(prizes: Sequence[Prized]) -> int:
    """What all prizes together cost when every ticket is drawn."""
    return sum(prize.count * prize.value_minor for prize in prizes)


def odds(count: int, tickets: int) -> Fraction:
    """How likely one ticket is to win a prize."""
    return Fraction(count, tickets)
