"""The time of the simulated world: the machine's, or one that stands still until somebody moves it.

All durations of the platforms (tokens, codes, quotas of a day) are counted on this clock. Days, weeks and months are
those of China (UTC+8, no summer time), as the platforms count them. What the network takes is never counted here.
"""

import time
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
DAY = 86_400
_CHINA_SECONDS = 8 * 3600


class Clock:
    """Seconds since 1970; `speed` 1 follows the machine, 0 stands still, 60 makes a minute of a second."""

    __slots__ = ("_base", "_speed", "_started", "virtual")

    def __init__(self, *, start: float | None = None, speed: float | None = None) -> None:
        self.virtual = start is not None or speed is not None
        self._base = time.time() if start is None else start
        self._speed = (0.0 if self.virtual else 1.0) if speed is None else speed
        self._started = time.monotonic()

    @property
    def speed(self) -> float:
        """How many seconds of the world pass in one of the machine."""
        return self._speed

    def instant(self) -> float:
        """The present with fractions."""
        if not self.virtual:
            return time.time()
        return self._base + (time.monotonic() - self._started) * self._speed

    def now(self) -> int:
        """The present in whole seconds."""
        return int(self.instant())

    def set(self, at: float) -> None:
        """Moves a virtual clock; the machine's own cannot be moved."""
        if not self.virtual:
            raise ValueError("the machine's clock cannot be moved")
        self._base, self._started = at, time.monotonic()

    def run(self, speed: float) -> None:
        """Changes how fast a virtual clock runs."""
        self.set(self.instant())
        self._speed = speed

    def __getstate__(self) -> tuple[bool, float, float]:
        return (self.virtual, self.instant(), self._speed)

    def __setstate__(self, state: tuple[bool, float, float]) -> None:
        self.virtual, self._base, self._speed = state
        self._started = time.monotonic()


def midnight(at: int) -> int:
    """The start of the day in China that holds the instant."""
    return at - (at + _CHINA_SECONDS) % DAY


def week_start(at: int) -> int:
    """Monday 00:00 in China."""
    days = (at + _CHINA_SECONDS) // DAY
    return midnight(at) - (days + 3) % 7 * DAY


def month_start(at: int) -> int:
    """The first of the month, 00:00 in China."""
    local = datetime.fromtimestamp(at, CHINA)
    return int(local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())


def parse(text: str) -> int:
    """Seconds of an ISO 8601 instant; without a zone it is China's."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=CHINA)).timestamp())


def written(at: float) -> str:
    """An instant as ISO 8601 in China's zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(CHINA).isoformat(timespec="seconds")
