"""The world in a file, so that a restart goes on.

Pickled, because it holds a million small objects; on reading, only this package's own classes and plain containers
are made, so a file from elsewhere cannot run anything.
"""

import gc
import io
import pickle
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any

from wecom_simulator.world import World

_PLAIN: dict[tuple[str, str], Any] = {
    ("collections", "deque"): deque,
    ("random", "Random"): Random,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
    ("builtins", "bytearray"): bytearray,
}


class _Own(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if module == "wecom_simulator" or module.startswith("wecom_simulator."):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"a state does not hold {module}.{name}")


def save(world: World, path: Path) -> None:
    """Writes the world; the file is whole at every moment."""
    with world.lock, _unswept():
        raw = pickle.dumps(world, protocol=5)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(raw)
    fresh.replace(path)


def load(path: Path) -> World:
    """The world of a file."""
    with io.BytesIO(path.read_bytes()) as raw, _unswept():
        found = _Own(raw).load()
    if not isinstance(found, World):
        raise pickle.UnpicklingError("the file holds no world")
    for corp in found.corps.values():
        for one in (corp, corp.settings, corp.limits, *corp.apps.values(), *corp.staff.values(), *corp.parts.values()):
            _mend(one)
    for one in (*found.parts.values(), *found.receivers.values()):
        _mend(one)
    found.outbox.resume()
    # What was read lives as long as the server; sweeping it again and again would only cost time.
    gc.freeze()
    return found


def _mend(one: object) -> None:
    """Gives what a newer version added its default, so that an older state can be gone on with."""
    if not is_dataclass(one) or isinstance(one, type):
        return
    for added in fields(one):
        if not hasattr(one, added.name):
            default = added.default if added.default_factory is MISSING else added.default_factory()
            if default is not MISSING:
                setattr(one, added.name, default)


@contextmanager
def _unswept() -> Iterator[None]:
    """Keeps the collector from walking a million objects over and over while they are written or made."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
