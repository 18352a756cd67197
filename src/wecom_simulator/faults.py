"""What goes wrong: by seed at a share of all calls, or on demand for the next calls of a path.

Kinds: `token` (the token is suddenly unknown), `busy` (-1), `rate` (45009), `concurrent` (45033), `conflict` (45035), `page` (an HTML page
of a gateway), `slow`, `timeout` (done, but nobody hears of it), `cut` (JSON that ends too early), `extra` (unknown
fields), `missing` (optional fields are not there), `types` (numbers as strings), `partial` (half of what a call names
fails where a call may succeed in part). Those of callbacks (`duplicate`, `reorder`, `delay`, `lose`) are drawn in `callbacks`.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from wecom_simulator.call import Raw

CODES = {"busy": -1, "rate": 45009, "concurrent": 45033, "conflict": 45035}
OF_CALLS = ("token", "busy", "rate", "concurrent", "conflict", "page", "slow", "timeout", "cut", "extra", "missing", "types", "partial")
OF_CALLBACKS = ("duplicate", "reorder", "delay", "lose")
# Of those that a call names, how many fail with `partial`.
PARTIAL_SHARE = 0.5
_OPTIONAL = frozenset(
    {"avatar", "position", "description", "remark_corp_name", "oper_userid", "wechat_channels", "group_nickname", "alias"}
)
_VARIANTS = frozenset({"created_at", "create_time", "createtime", "send_time", "reply_percentage", "avg_reply_time"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is spoiled about one call."""

    kind: str
    seconds: float = 0.0
    status: int = 502

    @property
    def code(self) -> int:
        """The code to refuse with instead of doing anything; 0 for none."""
        return CODES.get(self.kind, 0)

    def page(self) -> bytes:
        """What a gateway says in front of the platform."""
        return f"<html><head><title>{self.status}</title></head><body><center><h1>{self.status}</h1></center></body></html>".encode()

    def spoil(self, answer: Raw) -> Raw:
        """The answer with its fault."""
        if not answer.content_type.startswith("application/json"):
            return answer
        if self.kind == "cut":
            return Raw(answer.content[: max(1, len(answer.content) * 2 // 3)], answer.content_type)
        if self.kind == "extra":
            grown = {**orjson.loads(answer.content), "new_field_of_tomorrow": {"a": [1]}}
            return Raw(orjson.dumps(grown), answer.content_type)
        if self.kind == "missing":
            return Raw(orjson.dumps(_thinned(orjson.loads(answer.content))), answer.content_type)
        if self.kind == "types":
            return Raw(orjson.dumps(_retyped(orjson.loads(answer.content))), answer.content_type)
        return answer


@dataclass(slots=True)
class Order:
    """Faults that were asked for: the next `times` calls whose path holds `path`."""

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    status: int = 502


@dataclass(slots=True)
class Faults:
    """Shares by kind (0 to 1), and what was asked for; the draws come from a seed of their own."""

    shares: dict[str, float] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(7))
    slow_seconds: float = 1.0
    timeout_seconds: float = 30.0
    delay_seconds: float = 5.0
    reorder_seconds: float = 0.5
    counts: dict[str, int] = field(default_factory=dict)
    # Calls under way by path, for the limit of concurrent calls.
    running: dict[str, int] = field(default_factory=dict)

    def draw(self, path: str) -> Fault | None:
        """What goes wrong with a call, if anything."""
        if self.orders:
            for order in self.orders:
                if order.kind in OF_CALLS and order.path in path:
                    return self._given(order)
        if self.shares:
            for kind in OF_CALLS:
                share = self.shares.get(kind, 0.0)
                if share and self.random.random() < share:
                    return self._fault(kind, 0.0, 502)
        return None

    def draw_callback(self, title: str) -> set[str]:
        """What goes wrong with a callback."""
        for order in self.orders:
            if order.kind in OF_CALLBACKS and order.path in title:
                return {self._given(order).kind}
        found = {kind for kind in OF_CALLBACKS if self.shares.get(kind) and self.random.random() < self.shares[kind]}
        for kind in found:
            self.counts[kind] = self.counts.get(kind, 0) + 1
        return found

    def _given(self, order: Order) -> Fault:
        order.times -= 1
        if order.times <= 0:
            self.orders.remove(order)
        return self._fault(order.kind, order.seconds, order.status)

    def _fault(self, kind: str, seconds: float, status: int) -> Fault:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        wait = seconds or (self.timeout_seconds if kind == "timeout" else self.slow_seconds)
        return Fault(kind, wait, status)


def _thinned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _thinned(one) for key, one in value.items() if key not in _OPTIONAL}
    return [_thinned(one) for one in value] if isinstance(value, list) else value


def _retyped(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _retyped(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_retyped(one) for one in value]
    if name in _VARIANTS and not isinstance(value, bool):
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, str) and value.isdigit():
            return int(value)
    return value
