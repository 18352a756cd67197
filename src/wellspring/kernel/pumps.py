"""Work that must not wait for anything else: steps with threads of their own, woken the moment there is something to do.

A pump takes rows that were committed for it (callbacks, calls to make) and works them off; what it takes and how it is
safe to do it twice is its domain's own affair. It is for what has seconds (a welcome's window is 20), while a job may
stand behind a long import. Another process's rows are found by looking, up to a few times a second.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# How long a pump sleeps when nobody wakes it: longer and longer while nothing comes, since every look of every pump costs an
# idle machine. What another process committed waits no longer than the longest.
PAUSE_SECONDS = 0.25
PAUSE_SECONDS_MAX = 1.0

# Does what is there for the workspace and gives how many rows that were.
Step = Callable[[Any], int]


@dataclass(frozen=True)
class Pump:
    """A named step and the bell that wakes it."""

    name: str
    step: Step
    bell: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> bool:
        """Returns when the bell was rung, or after so long; gives which."""
        was_rung = self.bell.wait(seconds)
        self.bell.clear()
        return was_rung


_pumps: dict[str, Pump] = {}


def register(name: str, step: Step) -> None:
    """Adds a pump; every running server gives it a thread. A second registration under the name replaces the first."""
    _pumps[name] = Pump(name, step)


def registered() -> list[Pump]:
    """All pumps, in order of registration."""
    return list(_pumps.values())


def wake(name: str) -> None:
    """Tells the pump that rows were committed for it; harmless where none is running."""
    if name in _pumps:
        _pumps[name].bell.set()


def work_off(workspace: Any) -> int:  # noqa: ANN401 - the workspace type lives above this module
    """Runs every pump once, here; for a virtual clock and for tests. Gives how many rows were worked."""
    return sum(pump.step(workspace) for pump in _pumps.values())
