"""Rules that need no world: days in UTC+8, caps, cursors, identifiers, versions."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b, md5
from typing import TypeVar

import orjson

from wecom_simulator.corp import CorpSettings
from wecom_simulator.external.state import Book, Relation

ZONE_SECONDS = 8 * 3600
DAY = 86_400
QUARTER = 90 * DAY

Row = TypeVar("Row")


def day_of(at: int) -> int:
    """Give the day in UTC+8, counted from 1970."""
    return (at + ZONE_SECONDS) // DAY


def midnight(day: int) -> int:
    """Give the first second of a day in UTC+8."""
    return day * DAY - ZONE_SECONDS


def month_of(day: int) -> tuple[int, int]:
    """Give the first day of a day's month and how many days it has."""
    on = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()
    return day - on.day + 1, monthrange(on.year, on.month)[1]


def has_room(touched: Sequence[int], day: int, settings: CorpSettings) -> bool:
    """Tell whether one more mass message may reach a customer or group today (page 92135)."""
    first, length = month_of(day)
    # 1970-01-01 was a Thursday; the week begins on Monday.
    monday = day - (day + 3) % 7
    return not (
        sum(1 for one in touched if one >= first) >= (settings.sends_per_month or length)
        or (settings.sends_per_week and sum(1 for one in touched if one >= monday) >= settings.sends_per_week)
        or (settings.sends_per_day and sum(1 for one in touched if one == day) >= settings.sends_per_day)
    )


def has_moment_room(shown: Sequence[int], day: int, settings: CorpSettings) -> bool:
    """Tell whether one more moment of the corp may be shown to a customer this month."""
    first, _ = month_of(day)
    return not settings.moments_per_month or sum(1 for one in shown if one >= first) < settings.moments_per_month


def counted(touched: Sequence[int], day: int) -> tuple[int, ...]:
    """Add a day, and forget what no cap looks at any more."""
    since = min(month_of(day)[0], day - (day + 3) % 7)
    return (*(one for one in touched if one >= since), day)


def external_userid(corpid: str, unionid: str) -> str:
    """Give the id by which one corp knows a WeChat user: always the same, and told to no other corp."""
    return "wm" + _short(f"{corpid}\0{unionid}", 30)


def member_version(chat_id: str, changes: int) -> str:
    """Give the version of a group's members: another after each change."""
    return md5(f"{chat_id}/{changes}".encode(), usedforsecurity=False).hexdigest()


def cursor_of(kind: str, *place: int | str) -> str:
    """Write a place in a list as an opaque cursor."""
    return urlsafe_b64encode(orjson.dumps([kind, *place])).decode().rstrip("=")


def place_of(kind: str, cursor: str) -> list[int | str] | None:
    """Read a cursor of that kind; None where it is none."""
    try:
        place = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, orjson.JSONDecodeError):
        return None
    if not isinstance(place, list) or not place or place[0] != kind:
        return None
    return place[1:]


def page(rows: Sequence[Row], start: int, limit: int) -> tuple[Sequence[Row], int]:
    """Give a part of a list and where the next begins; 0 at its end."""
    end = start + limit
    return rows[start:end], end if end < len(rows) else 0


def book_page(book: Book, after: int, limit: int) -> tuple[list[Relation], int]:
    """Give the customers that a member keeps, in order of adding, after a serial; and the serial to go on from, or 0."""
    if book.pages is None:
        book.pages = [relation for relation in book.relations.values() if relation.by_staff]
    start = bisect_right(book.pages, after, key=lambda relation: relation.serial)
    found = book.pages[start : start + limit]
    more = start + limit < len(book.pages)
    return found, found[-1].serial if found and more else 0


def _short(text: str, length: int) -> str:
    digest = blake2b(text.encode(), digest_size=32).digest()
    return urlsafe_b64encode(digest).decode()[:length]
