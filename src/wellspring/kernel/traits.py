"""What audiences may ask beyond events, attributes and tags: every domain publishes traits here, with their words.

A trait is one value per member (a tier, a stage, days since the last order). Its domain says how to read it for everybody
at once and for one member; the audience language compiles against this registry and never learns a domain's tables.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Literal

from pyroaring import BitMap

TraitKind = Literal["text", "number", "boolean", "instant", "list"]
TraitValue = str | int | float | bool | dt.datetime | list[str] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One value that a trait can have, with its words."""

    value: str
    zh: str
    en: str


@dataclasses.dataclass(frozen=True, slots=True)
class Trait:
    """One question that may be asked of every member.

    Exactly one of `relation` and `sets` is given. `relation(ws, at)` is a SELECT of the analytical store that yields
    `member_no UInt32` (the member who holds the past now) and `value`: String, Float64, Bool, DateTime64(3, 'UTC') or
    Array(String) by kind, one row per member that has a value. `sets(ws, at)` gives the members of each value instead,
    for few values that are kept as sets. `at` None is now; another instant is answered with everything known today.
    `version(ws)` changes whenever the answer may have changed other than by time; `is_timed` says that time alone changes it.
    """

    name: str
    kind: TraitKind
    zh: str
    en: str
    version: Callable[[Any], Hashable]
    of_member: Callable[[Any, int, dt.datetime | None], TraitValue]
    relation: Callable[[Any, dt.datetime | None], str] | None = None
    sets: Callable[[Any, dt.datetime | None], Mapping[str, BitMap]] | None = None
    choices: Callable[[Any], list[Choice]] | None = None
    help_zh: str = ""
    help_en: str = ""
    is_timed: bool = False


_known: dict[str, Trait] = {}


def register(traits: Iterable[Trait]) -> None:
    """Makes traits known; the same name again replaces it, so that registering twice is harmless."""
    for trait in traits:
        if (trait.relation is None) == (trait.sets is None):
            raise ValueError(f"trait {trait.name} must say either relation or sets")
        _known[trait.name] = trait


def find(name: str) -> Trait | None:
    """The trait of this name."""
    return _known.get(name)


def listing() -> list[Trait]:
    """Every trait, by name."""
    return [_known[name] for name in sorted(_known)]
