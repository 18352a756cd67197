"""The heartbeat: steps that domains register, run one after the other in order of registration, again and again.

A step takes everything that arrived since its last one and commits what follows from it in one transaction. On a real
clock the heart beats every few seconds; a virtual clock that is moved beats once an hour on the way (two hundred times on
a long one), and at its end. A step that fails is told of and tried again with the next beat; the others go on.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from wellspring.kernel.errors import WellspringError

# Short enough that an operator sees a change while looking, long enough that a beat is never late (ARCHITECTURE, three ideas).
BEAT_SECONDS = 5.0
# How far a virtual clock goes without a beat: the hour in which things happen is then still told.
LAB_BEAT = dt.timedelta(hours=1)
LAB_BEATS_MAX = 200
_log = logging.getLogger("wellspring.ticks")

Step = Callable[[Any], int]
_steps: dict[str, Step] = {}
_wants: dict[str, Callable[[Any], bool]] = {}


def register(name: str, step: Step, *, wants: Callable[[Any], bool]) -> None:
    """Adds a step; it gives how much changed. `wants` tells cheaply whether the workspace needs beats at all."""
    _steps[name] = step
    _wants[name] = wants


def lab_pause(way: dt.timedelta) -> dt.timedelta:
    """How far a virtual clock goes without a beat when it is moved by this much."""
    return max(LAB_BEAT, way / LAB_BEATS_MAX)


def is_wanted(workspace: Any) -> bool:  # noqa: ANN401 - the workspace type lives above this module
    """Whether any step has something to keep up."""
    return any(wants(workspace) for wants in _wants.values())


def beat(workspace: Any) -> int:  # noqa: ANN401 - as above
    """Runs every step once; gives how much changed."""
    changed = 0
    for name, step in _steps.items():
        try:
            changed += step(workspace)
        except WellspringError as failure:
            _log.warning("workspace %s, step %s: %s", workspace.slug, name, failure)
        except Exception as failure:  # noqa: BLE001 - one step's trouble must not stop the heart
            # The class alone: a message may quote personal values.
            _log.error("workspace %s, step %s: %s", workspace.slug, name, type(failure).__name__)
    return changed
