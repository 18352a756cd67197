"""What codes on packages tell: that one was bound, and that one won."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class ItemBound:
    """A package was found genuine by its first owner; `member_no` is 0 while nobody knows who that is."""

    name: ClassVar[str] = "acquisition.item_bound"
    batch_id: str
    serial: int
    member_no: int
    at: str


@dataclasses.dataclass(frozen=True)
class PrizeWon:
    """A code won a prize, whose cost is counted."""

    name: ClassVar[str] = "acquisition.prize_won"
    draw_id: str
    prize_id: str
    serial: int
    member_no: int
    value_minor: int
    at: str
