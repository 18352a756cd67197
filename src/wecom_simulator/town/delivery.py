"""Carrying actions to Wellspring: split by household over a few connections, in batches within its limits.

One household always travels on the same connection, so what it did in one system arrives in the order in which it
was done; between households the order does not matter. Within a stretch of days people come before their orders
and orders before their refunds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import orjson

from wecom_simulator.town.actions import Action, Body, Json, Kind, System
from wecom_simulator.town.client import Address, Connection

# Segment allows 500 KB and 2,500 messages a batch; 440 KB leave room for the envelope.
BATCH_BYTES_MAX, BATCH_MESSAGES_MAX = 440_000, 1_000
ORDERS_MAX = REFUNDS_MAX = CONSENTS_MAX = 500

CONNECTIONS = 3


class Courier:
    """Sends actions over several connections; `historical` marks them as the past, which triggers nothing."""

    def __init__(self, address: Address, *, historical: bool, connections: int = CONNECTIONS) -> None:
        self._historical = historical
        self._connections = [Connection(address) for _ in range(connections)]
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="courier")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.close()

    def send(self, actions: Iterable[Action], on_told: Callable[[int], None] = lambda _: None) -> Callable[[], None]:
        """Start sending; the answer waits until all is taken and raises what went wrong. `on_told` hears how many were taken."""
        shares: list[list[Action]] = [[] for _ in self._connections]
        for action in actions:
            shares[action.household % len(shares)].append(action)
        running = [
            self._threads.submit(self._carry, connection, share, on_told)
            for connection, share in zip(self._connections, shares, strict=True)
            if share
        ]

        def wait() -> None:
            for each in running:
                each.result()

        return wait

    def _carry(self, connection: Connection, share: Sequence[Action], on_told: Callable[[int], None]) -> None:
        path = "/v1/import" if self._historical else "/v1/batch"
        for system, bodies in _by_system(share, Kind.MESSAGE):
            for batch in batches(bodies):
                connection.tell(path, {"batch": batch}, system)
                on_told(len(batch))
        for system, bodies in _by_system(share, Kind.ORDER):
            standing = as_they_stand(bodies) if self._historical else bodies
            on_told(len(bodies) - len(standing))
            for orders in versions(standing):
                connection.call("POST", "/api/orders/batch", {"orders": [self._marked(order) for order in orders]}, system)
                on_told(len(orders))
        for system, bodies in _by_system(share, Kind.REFUND):
            for refunds in _parts(bodies, REFUNDS_MAX):
                connection.call("POST", "/api/refunds/batch", {"refunds": [self._marked(refund) for refund in refunds]}, system)
                on_told(len(refunds))
        for system, bodies in _by_system(share, Kind.CONSENT):
            for said in _parts(bodies, CONSENTS_MAX):
                connection.call("POST", "/api/consents/batch", {"consents": [*said]}, system)
                on_told(len(said))

    def _marked(self, body: Body) -> Json:
        return {**body, "historical": True} if self._historical else body


def _by_system(share: Sequence[Action], kind: Kind) -> Iterator[tuple[System, list[Body]]]:
    for system in System:
        bodies = [action.body for action in share if action.kind is kind and action.system is system]
        if bodies:
            yield system, bodies


def as_they_stand(orders: Iterable[Body]) -> list[Body]:
    """Keep the last version of each order: a shop that hands over its past tells how each order ended."""
    return list({order["order_no"]: order for order in orders}.values())


def versions(orders: Iterable[Body]) -> Iterator[list[Body]]:
    """Cut orders into batches that name no order twice: the second version of each goes into a later batch.

    A batch is one write for Wellspring when its orders differ, and several when they do not.
    """
    seen: Counter[Json] = Counter()
    rounds: list[list[Body]] = []
    for order in orders:
        number = order["order_no"]
        if seen[number] == len(rounds):
            rounds.append([])
        rounds[seen[number]].append(order)
        seen[number] += 1
    for each in rounds:
        yield from _parts(each, ORDERS_MAX)


def _parts(bodies: list[Body], size: int) -> Iterator[list[Body]]:
    for first in range(0, len(bodies), size):
        yield bodies[first : first + size]


def batches(messages: Iterable[Body]) -> Iterator[list[Json]]:
    """Cut messages into batches within the limits."""
    batch: list[Json] = []
    size = 0
    for message in messages:
        length = len(orjson.dumps(message)) + 1
        if batch and (size + length > BATCH_BYTES_MAX or len(batch) == BATCH_MESSAGES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch
