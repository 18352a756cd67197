"""Orders, cancellations and refunds in the form of Wellspring's orders API.

An order is told when it is placed; what becomes of it later (cancelled, returned) is told on that later day.
The buyer appears by what the shop knows: a pseudonym in outside shops, a card or telephone in stores, the
WeChat identities in the mini program, and nobody for cash without a card.
"""

from datetime import date

from wecom_simulator.town import names
from wecom_simulator.town.actions import DAY_MS, Action, Body, Json, Kind, System, iso, midnight_ms
from wecom_simulator.town.catalogue import CATEGORIES, catalogue
from wecom_simulator.town.geography import Geography
from wecom_simulator.town.people import People
from wecom_simulator.town.shopping import IN_DOUYIN, IN_MINI, IN_STORE, IN_TMALL, SHOPS, Refund, Sale, Shopping

CURRENCY = "CNY"

MINI_APP = "wx5f2a9c7e1b3d4860"
"""The mini program's app id, the namespace of its openids."""

_REASONS = ("七天无理由退货", "商品与描述不符", "包装破损", "尺码不合适", "不想要了", "临期/日期不新鲜", "少件漏发")

_METHODS = {IN_MINI: "wechat_pay", IN_TMALL: "alipay", IN_DOUYIN: "douyin_pay", IN_STORE: "wechat_pay"}


class Orders:
    """Turns each day's sales into actions and keeps what is still to come of them."""

    def __init__(self, seed: int, opens_on: date, geography: Geography, people: People, shopping: Shopping) -> None:
        self.sales: tuple[Sale, ...] = ()
        self._seed = seed
        self._opens_ms = midnight_ms(opens_on)
        self._geography = geography
        self._people = people
        self._shopping = shopping
        self._pending: dict[int, list[tuple[Sale, Refund | None]]] = {}

    def next_day(self) -> list[Action]:
        """Let one day pass and tell its orders and what became of earlier ones."""
        day = self._shopping.day
        self.sales = self._shopping.next_day()
        for sale in self.sales:
            if sale.cancelled_at_ms is not None:
                self._expect(sale, None, sale.cancelled_at_ms)
            for refund in sale.refunds:
                self._expect(sale, refund, refund.at_ms)
        actions = [self._order(sale, sale.at_ms, "paid" if sale.paid else "placed") for sale in self.sales]
        for sale, returned in self._pending.pop(day, []):
            if returned is not None:
                actions.append(self._refund(sale, returned))
            elif sale.cancelled_at_ms is not None:
                actions.append(self._order(sale, sale.cancelled_at_ms, "cancelled"))
        return actions

    def told(self, sale: Sale) -> Action:
        """Tell one more sale, as it is placed and paid."""
        return self._order(sale, sale.at_ms, "paid")

    def _expect(self, sale: Sale, refund: Refund | None, at_ms: int) -> None:
        self._pending.setdefault((at_ms - self._opens_ms) // DAY_MS, []).append((sale, refund))

    def _order(self, sale: Sale, at_ms: int, state: str) -> Action:
        basket = sale.basket
        products = catalogue().products
        identities = self._buyer(sale)
        # Between placing and paying lie one to four minutes; cash is placed and paid at once.
        placed_ms = sale.at_ms - (0 if sale.shop == IN_STORE else 60_000 + sale.at_ms % 180_000)
        lines: list[Json] = [
            {
                "sku": products[line.product].sku,
                "product": products[line.product].name,
                "category": CATEGORIES[products[line.product].category].name,
                "qty": line.quantity,
                "price_minor": line.price_minor,
                "discount_minor": line.discount_minor,
                "total_minor": line.total_minor,
            }
            for line in basket.lines
        ]
        body: Body = {
            "shop": SHOPS[sale.shop],
            "order_no": order_number(self._seed, sale),
            "state": state,
            "placed_at": iso(placed_ms),
            # The shop knows when it changed the order, so an older version that arrives late stays older.
            "updated_at": iso(at_ms),
            "currency": CURRENCY,
            "lines": lines,
            "total_minor": basket.total_minor,
            "discount_minor": basket.discount_minor,
            "shipping_minor": basket.shipping_minor,
            "paid_minor": sale.paid_minor,
        }
        if state == "cancelled":
            body["cancelled_at"] = iso(at_ms)
        if identities:
            body["buyer"] = {"identities": identities}
        if sale.paid:
            body["paid_at"] = iso(sale.at_ms)
            body["payments"] = self._payments(sale, anonymous=not identities)
        if sale.store >= 0:
            body["store_code"] = self._geography.stores[sale.store].code
            body["staff_code"] = self._geography.guides[sale.guide].code
        return Action(at_ms, Kind.ORDER, System(SHOPS[sale.shop]), int(self._people.household[sale.person]), sale.person, body)

    def _refund(self, sale: Sale, refund: Refund) -> Action:
        number = order_number(self._seed, sale)
        body: Body = {
            "shop": SHOPS[sale.shop],
            "refund_no": f"R{number}-{refund.number}",
            "order_no": number,
            "amount_minor": refund.amount_minor,
            "at": iso(refund.at_ms),
            "reason": _REASONS[(sale.sequence + sale.day) % len(_REASONS)],
        }
        if refund.line is not None:
            line = sale.basket.lines[refund.line]
            sku = catalogue().products[line.product].sku
            body["lines"] = [{"sku": sku, "qty": refund.quantity, "total_minor": refund.amount_minor}]
        return Action(refund.at_ms, Kind.REFUND, System(SHOPS[sale.shop]), int(self._people.household[sale.person]), sale.person, body)

    def _buyer(self, sale: Sale) -> list[Json]:
        person, people = sale.person, self._people
        if sale.shop == IN_MINI:
            known: list[Json] = [
                _identity("user_id", names.account(person)),
                _identity("openid", names.openid(self._seed, MINI_APP, person), MINI_APP),
            ]
            return known
        if sale.shop in {IN_TMALL, IN_DOUYIN}:
            shop = SHOPS[sale.shop]
            known = [_identity("buyer_id", names.buyer(shop, self._seed, person), shop)]
            if people.shows_phone[person]:
                known.append(_identity("phone", self._phone(person)))
            return known
        if not sale.shows_card:
            return []
        if people.card_day[person] <= sale.day:
            known = [_identity("card_no", names.card(int(people.card_number_of[person])))]
            # One buyer in three also gives the telephone number at the till.
            if sale.sequence % 3 == 0 or people.lent_card[person]:
                known.append(_identity("phone", self._phone(person)))
            return known
        if people.registered_day[person] <= sale.day and people.gives_phone[person]:
            return [_identity("phone", self._phone(person))]
        return []

    def _phone(self, person: int) -> str:
        return names.phone(self._seed, int(self._people.phone_number_of[person]))

    def _payments(self, sale: Sale, *, anonymous: bool) -> list[Json]:
        total, at = sale.basket.total_minor, iso(sale.at_ms)
        if anonymous:
            return [{"method": "cash", "amount_minor": total, "at": at}]
        stored = int(total * sale.stored_share) if sale.shop in {IN_MINI, IN_STORE} else 0
        rest: Json = {"method": _METHODS[sale.shop], "amount_minor": total - stored, "at": at}
        return [{"method": "stored_value", "amount_minor": stored, "at": at}, rest] if stored else [rest]


def order_number(seed: int, sale: Sale) -> str:
    """Give the number in the form that the shop's numbers have."""
    serial = sale.day * 10_000 + sale.sequence
    if sale.shop == IN_TMALL:
        return f"{3_400_000_000_000_000_000 + (serial * 48_271 + seed) % 10**17}"
    if sale.shop == IN_DOUYIN:
        return f"{6_900_000_000_000_000_000 + (serial * 69_621 + seed) % 10**17}"
    if sale.shop == IN_STORE:
        return f"P{sale.store + 1:03d}{serial:09d}"
    return f"HY{serial:011d}"


def _identity(kind: str, value: str, namespace: str | None = None) -> Json:
    known: Body = {"kind": kind, "value": value}
    if namespace is not None:
        known["namespace"] = namespace
    return known
