"""How many calls the platform takes (page 90312): per corp and API, and per address and API, in a minute and an hour.

Whoever exceeds the minute's number is refused for 60 seconds, the hour's for 60 minutes. No header announces it.
"""

import time
from dataclasses import dataclass, field

from wecom_simulator.corp import Limits
from wecom_simulator.errors import Refused


@dataclass(slots=True)
class Window:
    """Counts of one caller of one API."""

    minute: int = 0
    in_minute: int = 0
    hour: int = 0
    in_hour: int = 0
    blocked_until: int = 0


@dataclass(slots=True)
class Windows:
    """All counts; forgotten by a restart, as nobody would notice."""

    by_corp: dict[tuple[str, str], Window] = field(default_factory=dict)
    by_ip: dict[tuple[str, str], Window] = field(default_factory=dict)
    wrong_secrets: dict[str, Window] = field(default_factory=dict)

    def count(self, limits: Limits, corpid: str, ip: str, path: str, now: int) -> None:
        """Counts a call or refuses it with 45009."""
        at = _at(limits, now)
        _step(_window(self.by_corp, (corpid, path)), limits.per_minute, limits.per_hour, at)
        _step(_window(self.by_ip, (ip, path)), limits.ip_per_minute, limits.ip_per_hour, at)

    def admit_secret(self, limits: Limits, ip: str, now: int) -> None:
        """Refuses an address that gave too many wrong secrets."""
        window = self.wrong_secrets.get(ip)
        if window and _at(limits, now) < window.blocked_until:
            raise Refused(45009)

    def count_wrong_secret(self, limits: Limits, ip: str, now: int) -> None:
        """Counts a wrong secret; the one too many closes the address for an hour."""
        _step(self.wrong_secrets.setdefault(ip, Window()), 0, limits.wrong_secrets, _at(limits, now))


def _at(limits: Limits, now: int) -> int:
    return int(time.monotonic()) if limits.clock == "real" else now


def _window(windows: dict[tuple[str, str], Window], key: tuple[str, str]) -> Window:
    found = windows.get(key)
    if found is None:
        found = windows[key] = Window()
    return found


def _step(window: Window, per_minute: int, per_hour: int, at: int) -> None:
    if at < window.blocked_until:
        raise Refused(45009)
    minute, hour = at // 60, at // 3600
    if minute != window.minute:
        window.minute, window.in_minute = minute, 0
    if hour != window.hour:
        window.hour, window.in_hour = hour, 0
    window.in_minute += 1
    window.in_hour += 1
    if per_hour and window.in_hour > per_hour:
        window.blocked_until = at + 3600
        raise Refused(45009)
    if per_minute and window.in_minute > per_minute:
        window.blocked_until = at + 60
        raise Refused(45009)
