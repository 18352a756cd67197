"""R-sim: everything at once from a seed, and after every action everything is looked at.

A checked step is one thing that happened to one member: a place in a plan, a move in a journey, an exposure, a message taken by
the provider, a fate. Each is held against `oracle`; whatever fails prints its seed, and the seed alone repeats it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.simulation.faults import injected, numbered
from tests.simulation.world import World
from tests.support.touching import MORNING
from wellspring.engagement.service import carrying
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace

# First seed and how many in CI: over 300,000 checked steps together. A night takes more: WELLSPRING_SIMULATION_SEEDS=1000:200.
FIRST, SEEDS = (int(part) for part in os.environ.get("WELLSPRING_SIMULATION_SEEDS", "1:10").split(":"))
ACTIONS = int(os.environ.get("WELLSPRING_SIMULATION_ACTIONS", "250"))


@contextmanager
def brand(installation: Installation, seed: int) -> Iterator[Workspace]:
    """A workspace that is called after its seed: who is held out depends on the name."""
    ws = installation.create(f"sim{seed}")
    try:
        assert isinstance(ws.clock, VirtualClock)
        ws.clock.move_to(MORNING)
        yield ws
    finally:
        installation.delete(ws.slug)


def run(installation: Installation, seed: int, actions: int = ACTIONS) -> World:
    """One world of a seed, to its end."""
    before = list(carrying._named)
    try:
        with brand(installation, seed) as ws, numbered(seed):
            world = World(ws, seed)
            carrying.use(world.provider)
            with injected(ws, world.faults):
                for place in range(actions):
                    try:
                        world.step()
                    except AssertionError as violated:
                        raise AssertionError(f"seed {seed}, action {place}: {violated}") from violated
                world.end()
            return world
    finally:
        carrying._named[:] = before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_everything_at_once(installation: Installation, seed: int) -> None:
    world = run(installation, seed)
    assert sum(world.oracle.steps.values()) > 40 * ACTIONS, world.oracle.steps


def test_the_same_seed_does_the_same(installation: Installation) -> None:
    first, second = (run(installation, 99, 60) for _ in range(2))
    assert first.trace.hexdigest() == second.trace.hexdigest()
    assert first.did == second.did
