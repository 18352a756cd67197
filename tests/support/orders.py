"""Orders and materials that speak of them, through the real renderer."""

from typing import Any

from tests.support import activity as acting
from tests.support import content as materials
from tests.support.touching import FakeCarrier
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, OrderLine, OrderState
from wellspring.content import api as content
from wellspring.content.contracts import Rendered
from wellspring.engagement.service import dispatching
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

TEXT = "您的订单 {{ order.no }}（{{ order.product }}，¥{{ order.total }}）已为您留好"


class Writing(FakeCarrier):
    """Renders as content does; everything else is the fake's."""

    def render(self, ws: Workspace, **said: Any) -> list[Rendered]:  # type: ignore[override]
        return content.render(ws, **said)

    def texts(self) -> dict[str, list[int]]:
        """Who got which text."""
        found: dict[str, list[int]] = {}
        for parcel in self.parcels:
            found.setdefault(parcel.body.text, []).extend(one.member_no for one in parcel.recipients)
        return {text: sorted(members) for text, members in found.items()}


def ordered(
    ws: Workspace, number: str, *products: str, total: int = 26_800, buyer: str = "b1", state: OrderState = OrderState.PLACED
) -> None:
    """An order as a shop tells it now."""
    now = ws.clock.now()
    lines = [OrderLine(f"SKU{place}", name, "护肤", 1, 1_000, 0, 1_000) for place, name in enumerate(products)]
    paid = now if state is OrderState.PAID else None
    made = acting.order(number, state=state, placed_at=now, paid_at=paid, total_minor=total, lines=lines, buyer=[Buyer("buyer_id", buyer)])
    activity.write_orders(ws, by=SYSTEM, orders=[made])
    acting.settle(ws)


def text(ws: Workspace, said: str = TEXT, **fallbacks: str) -> str:
    """An approved text; fallbacks by `order_no` for `order.no`."""
    made = materials.draft(said, fallbacks={path.replace("_", ".", 1): words for path, words in fallbacks.items()})
    return materials.approved(ws, made, name=f"素材 {len(said)} {len(fallbacks)}").id


def dispatch(ws: Workspace) -> None:
    """Everything planned goes."""
    dispatching.drain(ws)
