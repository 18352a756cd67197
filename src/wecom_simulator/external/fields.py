"""Reading what a call brought, with the code that the platform answers for each kind of mistake.

What has no code of its own is 40058: too long, too many, or of the wrong type (page 90313).
"""

from wecom_simulator.errors import Refused
from wecom_simulator.external import rules
from wecom_simulator.external.state import Fields, Json

BAD = 40058
BAD_CURSOR = 50100

_U32 = 2**32 - 1


def text(body: Fields, name: str, *, most: int = 0, most_bytes: int = 0, missing: int = 0, bad: int = BAD) -> str:
    """Read a text; `missing` is the code where it must be there, `bad` where it is too long."""
    value = body.get(name)
    if value is None or value == "":
        if missing:
            raise Refused(missing, f"missing {name}")
        return ""
    if not isinstance(value, str):
        raise Refused(BAD, f"{name} is not a string")
    if (most and len(value) > most) or (most_bytes and len(value.encode()) > most_bytes):
        raise Refused(bad, f"{name} is too long")
    return value


def whole(body: Fields, name: str, default: int, *, least: int = 0, most: int = _U32, bad: int = BAD) -> int:
    """Read a whole number; digits in a string are taken too, as the real server does."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(bad, f"invalid {name}")
    return value


def flag(body: Fields, name: str, *, default: bool) -> bool:
    """Read a boolean; 0 and 1 are taken too."""
    value = body.get(name)
    if value is None:
        return default
    if value in (0, 1):
        return bool(value)
    raise Refused(BAD, f"{name} is not a boolean")


def texts(body: Fields, name: str, *, most: int = 0, missing: int = 0, bad: int = BAD) -> list[str]:
    """Read a list of texts."""
    value = body.get(name)
    if value is None or value == []:
        if missing:
            raise Refused(missing, f"missing {name}")
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refused(BAD, f"{name} is not a list of strings")
    if most and len(value) > most:
        raise Refused(bad, f"too many of {name}")
    return [str(one) for one in value]


def numbers(body: Fields, name: str) -> list[int]:
    """Read a list of whole numbers."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(BAD, f"{name} is not a list")
    return [_number(one, name) for one in value]


def part(body: Fields, name: str, *, missing: int = 0) -> Fields:
    """Read an object; absent is empty."""
    value = body.get(name)
    if value is None:
        if missing:
            raise Refused(missing, f"missing {name}")
        return {}
    if not isinstance(value, dict):
        raise Refused(BAD, f"{name} is not an object")
    return value


def parts(body: Fields, name: str, *, most: int = 0, bad: int = BAD) -> list[Fields]:
    """Read a list of objects."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(BAD, f"{name} is not a list")
    if most and len(value) > most:
        raise Refused(bad, f"too many of {name}")
    found: list[Fields] = []
    for one in value:
        if not isinstance(one, dict):
            raise Refused(BAD, f"{name} is not a list of objects")
        found.append(one)
    return found


def size(body: Fields, *, default: int, most: int, forgiving: bool = False) -> int:
    """Read `limit`; where the page says so, a number out of range counts as the default."""
    value = whole(body, "limit", default)
    if 1 <= value <= most:
        return value
    if forgiving or value == 0:
        return default
    raise Refused(BAD, "invalid limit")


def start(body: Fields, kind: str) -> int:
    """Read the place of a simple cursor."""
    cursor = text(body, "cursor")
    if not cursor:
        return 0
    place = rules.place_of(kind, cursor)
    if place is None or len(place) != 1 or not isinstance(place[0], int):
        raise Refused(BAD_CURSOR, "invalid cursor")
    return place[0]


def following(kind: str, place: int) -> str:
    """Write the next cursor; empty at the end."""
    return rules.cursor_of(kind, place) if place else ""


def span(body: Fields, *, most_days: int, bad: int = BAD) -> tuple[int, int]:
    """Read start_time and end_time, both needed, at most so many days apart."""
    first, last = whole(body, "start_time", -1, bad=bad), whole(body, "end_time", -1, bad=bad)
    if first < 0 or last < 0 or last < first or last - first > most_days * rules.DAY:
        raise Refused(bad, "invalid start endtime")
    return first, last


def _number(value: Json, name: str) -> int:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(BAD, f"{name} is not a list of numbers")
    return value
