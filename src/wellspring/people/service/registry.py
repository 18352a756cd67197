"""What other domains bring when a person asks for their data or asks to be forgotten.

They register at start-up; people calls them by name without knowing them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Gives what a domain holds about these numbers, as plain JSON values.
Part = Callable[[Workspace, Sequence[int]], Any]
# Removes what a domain holds about these numbers and gives how many rows went. Called again later, so it must be repeatable.
Eraser = Callable[[Workspace, Sequence[int]], int]

# Told in the transaction of an erasure, before anything of these numbers is gone: for whoever must tell others outside.
Leaver = Callable[[Workspace, Tx, Sequence[int]], int]

_parts: dict[str, Part] = {}
_erasers: dict[str, Eraser] = {}
_leavers: dict[str, Leaver] = {}


def register_part(name: str, part: Part) -> None:
    """Adds a part to every export of a person."""
    _parts[name] = part


def register_eraser(name: str, eraser: Eraser) -> None:
    """Adds a store to every erasure of a person."""
    _erasers[name] = eraser


def register_leaver(name: str, leaver: Leaver) -> None:
    """Adds one who is told before a person is forgotten, and gives how many outside have to hear of it."""
    _leavers[name] = leaver


def parts() -> dict[str, Part]:
    """All parts, by name."""
    return dict(_parts)


def erasers() -> dict[str, Eraser]:
    """All erasers, by name."""
    return dict(_erasers)


def leavers() -> dict[str, Leaver]:
    """All who are told before, by name."""
    return dict(_leavers)
