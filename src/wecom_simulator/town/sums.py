"""The town's own books: what Wellspring must show after everything has been told.

They follow the wire, not the truth: an order counts once however often it is told, unpaid orders are orders but
not revenue, refunds are kept apart, and sales to nobody are counted on the side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wecom_simulator.town.actions import Action, Kind


@dataclass(slots=True)
class Sums:
    """Orders and money by number, so that telling twice adds nothing."""

    paid_by_order: dict[tuple[str, str], int] = field(default_factory=dict)
    refunded: dict[tuple[str, str], int] = field(default_factory=dict)
    nobody: set[tuple[str, str]] = field(default_factory=set)
    messages: int = 0

    def add(self, actions: Iterable[Action]) -> None:
        """Enter what was told."""
        for action in actions:
            if action.kind is Kind.ORDER:
                key = (str(action.body["shop"]), str(action.body["order_no"]))
                self.paid_by_order[key] = _minor(action.body["paid_minor"])
                if "buyer" not in action.body:
                    self.nobody.add(key)
            elif action.kind is Kind.REFUND:
                key = (str(action.body["shop"]), str(action.body["refund_no"]))
                self.refunded[key] = _minor(action.body["amount_minor"])
            elif action.kind is Kind.MESSAGE:
                self.messages += 1

    @property
    def orders(self) -> int:
        """All orders, paid or not."""
        return len(self.paid_by_order)

    @property
    def paid_orders(self) -> int:
        """Orders that were paid."""
        return sum(1 for paid in self.paid_by_order.values() if paid)

    @property
    def revenue_minor(self) -> int:
        """What was paid, before refunds."""
        return sum(self.paid_by_order.values())

    @property
    def refunds_minor(self) -> int:
        """What went back."""
        return sum(self.refunded.values())

    @property
    def unattributed_orders(self) -> int:
        """Orders of nobody known."""
        return len(self.nobody)

    @property
    def unattributed_minor(self) -> int:
        """What nobody known paid."""
        return sum(self.paid_by_order[key] for key in self.nobody)

    def as_dict(self) -> dict[str, int]:
        """Give the sums by name, for a report."""
        return {
            "orders": self.orders,
            "paid_orders": self.paid_orders,
            "revenue_minor": self.revenue_minor,
            "refunds": len(self.refunded),
            "refunds_minor": self.refunds_minor,
            "unattributed_orders": self.unattributed_orders,
            "unattributed_minor": self.unattributed_minor,
            "messages": self.messages,
        }


def _minor(amount: object) -> int:
    if not isinstance(amount, int):
        raise TypeError(f"money is integer fen, not {amount!r}")
    return amount
