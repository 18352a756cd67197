"""One running simulator for all tests of a module, with a fresh world for each: starting servers and making keys takes longer."""

import functools
import itertools
from collections.abc import Iterator

import pytest

from tests.support.simulator import START, Simulator, simulating
from wecom_simulator.clock import Clock, parse
from wecom_simulator.pay import certificates, keys
from wecom_simulator.world import World


@functools.cache
def ready_keys() -> list[str]:
    """Keys for everybody; made once, as each takes a tenth of a second."""
    return [keys.new_private_key() for _ in range(4)]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """The server; its world is whatever the last test left."""
    with simulating() as found:
        yield found


@pytest.fixture
def anew(running: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The server with a fresh world, whose keys were made before."""
    ready = itertools.cycle(ready_keys())
    monkeypatch.setattr(certificates.keys, "new_private_key", lambda: next(ready))
    world, fresh = running.world, World(Clock(start=parse(START)))
    with world.lock:
        kept = {"lock": world.lock}
        fresh.outbox.listener = world.outbox.listener
        vars(world).update({**vars(fresh), **kept})
    running.token = ""
    return running
