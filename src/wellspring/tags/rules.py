"""Which of two statements about a tag and a member counts, and who wins where only one tag may stand.

The later statement counts, by the time that it claims; of equal times the one said last. Pure.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import decode_cursor
from wellspring.tags.contracts import Verb

# What came from a file may be taken back as a whole; who said the same besides must then still count.
_RETRACTABLE = "import:"


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A statement: what it says, when it claims to be true, until when, and from where."""

    verb: str
    at: dt.datetime
    expires_at: dt.datetime | None
    source: str


Ranked = TypeVar("Ranked", bound=tuple[dt.datetime, int, str])


def takes_effect(said: Standing, current: Standing | None) -> bool:
    """Whether the statement changes what is in force."""
    if current is None:
        return True
    return said.at >= current.at and (said.verb, said.expires_at) != (current.verb, current.expires_at)


def is_noted(said: Standing, current: Standing) -> bool:
    """Whether a statement that changes nothing goes into the history all the same."""
    return said.at < current.at or (current.source.startswith(_RETRACTABLE) and said.source != current.source)


def never(recorded_at: dt.datetime) -> dt.datetime:
    """The end of a statement that never came into force: before it began, which no other statement's end is."""
    return recorded_at - dt.timedelta(milliseconds=1)


def replayed(rows: Sequence[Standing]) -> list[int | None]:
    """For each statement, in order of arrival, which one ended it: its own place when it never counted, None when it stands."""
    ended: list[int | None] = []
    current: int | None = None
    for place, said in enumerate(rows):
        if takes_effect(said, rows[current] if current is not None else None):
            if current is not None:
                ended[current] = place
            ended.append(None)
            current = place
        else:
            ended.append(place)
    return ended


def last_put(puts: Iterable[Ranked]) -> str | None:
    """The tag that stays where only one may: the one put last; of equal times the one written last. Puts are (at, row, tag)."""
    return max(puts, default=(None, None, None))[2]


def expiry(*, given: dt.datetime | None, days: int | None, verb: str, now: dt.datetime) -> dt.datetime | None:
    """Until when a putting counts: what was said, else the tag's own number of days from now."""
    if verb != Verb.PUT:
        return None
    return given or (now + dt.timedelta(days=days) if days else None)


def excepted(exceptions: Iterable[tuple[int, str]]) -> tuple[set[int], set[int]]:
    """Exceptions in the order in which they were made, as those who carry the tag whatever its rule says, and those who do not."""
    put: set[int] = set()
    lifted: set[int] = set()
    for number, verb in exceptions:
        (put if verb == Verb.PUT else lifted).add(number)
        (lifted if verb == Verb.PUT else put).discard(number)
    return put, lifted


def place_of(cursor: str) -> int:
    """The number that a cursor of one number stands for. Raises Invalid for any other."""
    place = decode_cursor(cursor, length=1)[0]
    if not isinstance(place, int) or not 0 <= place < 2**62:
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return place
