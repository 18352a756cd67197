"""What people do in the world, and what happens by itself later, each under a name.

An action is a person's doing: a customer scans, a member confirms. It is a function `(world, **arguments)` whose
arguments and answer are JSON, so that a test, the control API and the admin page can all start it. A timer is what
the platform does later; its arguments are JSON too, because they are kept with the world.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Doing = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Action:
    """A registered doing of a person; `title` is what the admin page shows."""

    name: str
    title: str
    run: Doing
    parameters: tuple[str, ...]
    required: tuple[str, ...]


ACTIONS: dict[str, Action] = {}
TIMERS: dict[str, Doing] = {}
TRUTHS: dict[str, Doing] = {}


def action(title: str) -> Callable[[Doing], Doing]:
    """Registers a human action under its function's name."""

    def register(run: Doing) -> Doing:
        name = str(getattr(run, "__name__", ""))
        wanted = list(inspect.signature(run).parameters.values())[1:]
        required = tuple(one.name for one in wanted if one.default is inspect.Parameter.empty)
        ACTIONS[name] = Action(name, title, run, tuple(one.name for one in wanted), required)
        return run

    return register


def timer(name: str) -> Callable[[Doing], Doing]:
    """Registers what `world.later(at, name, **arguments)` starts."""

    def register(run: Doing) -> Doing:
        TIMERS[name] = run
        return run

    return register


def truth(name: str) -> Callable[[Doing], Doing]:
    """Registers what `GET /simulator/truth?of=name` tells: a function `(world, **arguments)` that gives JSON."""

    def register(run: Doing) -> Doing:
        TRUTHS[name] = run
        return run

    return register
