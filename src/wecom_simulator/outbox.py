"""Callbacks that wait to be posted, and the log of those that were.

Kept with the world, so that a restart goes on where it stopped. Who posts them, and how often, is in `callbacks`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LOG_MAX = 20_000


@dataclass(slots=True)
class Receiver:
    """Where a platform posts to: an app's callback settings (page 90930)."""

    url: str
    token: str
    aes_key: str
    # corpid of a WeCom app, appid of an Official Account or Mini Program.
    receive_id: str
    agent_id: int = 0
    # "wecom", or "official" (adds `signature`, `openid` and `encrypt_type=aes` to the query).
    form: str = "wecom"
    is_encrypted: bool = True
    # "xml" or "json": how the message and its envelope are written (page 90930).
    packing: str = "xml"


@dataclass(slots=True)
class Attempt:
    """One try to post."""

    at: int
    status: int
    seconds: float
    failure: str = ""


@dataclass(slots=True)
class Delivery:
    """One callback and what became of it: waiting, delivered, failed, lost (by a fault) or nobody (no address)."""

    number: int
    receiver: str
    body: bytes
    title: str
    at: int
    state: str = "waiting"
    # A copy of another delivery, on purpose.
    is_copy: bool = False
    attempts: list[Attempt] = field(default_factory=list)


class Outbox:
    """The queue and the log."""

    def __init__(self) -> None:
        self.waiting: deque[Delivery] = deque()
        # Taken by the poster and not yet finished; waiting again after a restart.
        self.under_way: dict[int, Delivery] = {}
        self.log: deque[Delivery] = deque(maxlen=LOG_MAX)
        self.counts: dict[str, int] = {}
        # Told that something waits; belongs to the running server, not to the world.
        self.listener: Callable[[], None] | None = None

    def add(self, number: int, receiver: str, body: bytes, *, title: str, at: int, has_receiver: bool) -> None:
        """Queues a callback, or only logs it when nobody listens."""
        made = Delivery(number, receiver, body, title, at)
        self.log.append(made)
        if has_receiver:
            self.queue(made)
        else:
            self.finish(made, "nobody")

    def queue(self, delivery: Delivery) -> None:
        """Lets a delivery be posted, for the first time or again."""
        delivery.state = "waiting"
        self.waiting.append(delivery)
        if self.listener:
            self.listener()

    def copy(self, delivery: Delivery, number: int) -> None:
        """Queues the same message a second time."""
        made = Delivery(number, delivery.receiver, delivery.body, delivery.title, delivery.at, is_copy=True)
        self.log.append(made)
        self.queue(made)

    def take(self) -> list[Delivery]:
        """Everything that waits; it is under way from now on."""
        taken = list(self.waiting)
        self.waiting.clear()
        self.under_way.update((one.number, one) for one in taken)
        return taken

    def finish(self, delivery: Delivery, state: str) -> None:
        """Notes the end of a delivery."""
        delivery.state = state
        self.under_way.pop(delivery.number, None)
        self.counts[state] = self.counts.get(state, 0) + 1

    def resume(self) -> None:
        """Queues again what was under way when the world was written."""
        self.waiting.extendleft(reversed(self.under_way.values()))
        self.under_way.clear()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self.waiting and not self.under_way

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "listener": None}
