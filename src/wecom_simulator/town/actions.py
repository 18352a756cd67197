"""What the town does, as values: each action is one thing to be told to Wellspring, in wire form.

An action carries the instant at which it happens, the household that keeps it in order with its neighbours, and
the person who did it. The person is a hidden truth: it is never sent, and household serves only to split the work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

import orjson

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Body: TypeAlias = dict[str, Json]

TIME_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The town lives in one zone without summer time, so every day has 24 hours."""

DAY_MS = 86_400_000


class Kind(StrEnum):
    """Which part of the HTTP API an action is for."""

    MESSAGE = "message"
    CONSENT = "consent"
    ORDER = "order"
    REFUND = "refund"


class System(StrEnum):
    """Which of the brand's systems tells it: each has a key of its own, as a real one would."""

    MINI = "mini"
    WEB = "web"
    STORE = "store"
    WECOM = "wecom"
    TMALL = "tmall"
    DOUYIN = "douyin"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a customer did, and the system that tells it."""

    at_ms: int
    kind: Kind
    system: System
    household: int
    person: int
    body: Body


def midnight_ms(on: date) -> int:
    """Give the first instant of a day in the town's zone."""
    return int(datetime(on.year, on.month, on.day, tzinfo=TIME_ZONE).timestamp()) * 1000


def day_of(at_ms: int) -> date:
    """Give the town's date at an instant."""
    return datetime.fromtimestamp(at_ms / 1000, TIME_ZONE).date()


def iso(at_ms: int) -> str:
    """Write an instant in UTC with milliseconds."""
    day, rest = divmod(at_ms, DAY_MS)
    minute, rest = divmod(rest, 60_000)
    return f"{_utc_date(day)}{_MINUTES[minute]}{rest // 1000:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=4096)
def _utc_date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


_MINUTES = tuple(f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440))


def in_order(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Sort by instant; what happens at the same instant keeps its order."""
    return tuple(sorted(actions, key=lambda action: action.at_ms))


def fingerprint(actions: Iterable[Action]) -> str:
    """Hash actions, so that two runs can be compared byte for byte."""
    digest = blake2b(digest_size=16)
    for action in actions:
        digest.update(orjson.dumps(action, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()
