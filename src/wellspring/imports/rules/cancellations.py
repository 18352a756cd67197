"""Which earlier sale a cancelled line gives back.

The newest one of the same buyer, product and unit price that still has at least the cancelled quantity left.
Pure and streaming: rows come sorted by (buyer, product, price) and then by time and place in the file.
"""

import dataclasses
from collections.abc import Iterable, Iterator


@dataclasses.dataclass(frozen=True)
class Movement:
    """A sold or cancelled line; `quantity` is positive, `row` its place in the file."""

    key: tuple[str, str, int]
    row: int
    order_no: str
    quantity: int
    cancels: bool


@dataclasses.dataclass(frozen=True)
class Match:
    """A cancelled line and the sold line that it takes back."""

    row: int
    order_no: str
    sale_row: int


@dataclasses.dataclass
class _Left:
    movement: Movement
    quantity: int


def matches(movements: Iterable[Movement]) -> Iterator[Match]:
    """Every cancellation that finds its sale; memory is bounded by the sales of one buyer and product."""
    key: tuple[str, str, int] | None = None
    open_sales: list[_Left] = []
    for movement in movements:
        if movement.key != key:
            key, open_sales = movement.key, []
        if not movement.cancels:
            open_sales.append(_Left(movement, movement.quantity))
            continue
        sale = next((left for left in reversed(open_sales) if left.quantity >= movement.quantity), None)
        if sale is not None:
            sale.quantity -= movement.quantity
            yield Match(movement.row, sale.movement.order_no, sale.movement.row)
