"""Texts with variables: Liquid in a closed room, with nothing to read, no clock, and limits on everything.

Whoever owns the variables says which there are; this module only fills them in. A strict text that names what is not
there is refused when it is written; a forgiving one may ask `{% if member.name %}` and give a `default`.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

import liquid
from liquid.exceptions import LiquidError
from liquid.undefined import FalsyStrictUndefined, StrictUndefined

Fields = Mapping[str, Mapping[str, Any]]

# Whatever reads other templates, or counts across renderings.
TAGS_REFUSED = frozenset({"include", "render", "import", "with", "macro", "call", "extends", "block", "increment", "decrement", "tablerow"})
# Everything that looks at a clock, or makes texts much longer than they were.
FILTERS_REFUSED = frozenset({"date", "base64_decode", "base64_url_safe_decode"})
_WEEKDAYS = "一二三四五六日"


class Missing(FalsyStrictUndefined):
    """A variable that is known and has no value: false in a condition, replaced by `default`, refused in a sentence."""

    force_liquid_default = True

    def __eq__(self, other: object) -> bool:
        """It equals nothing but what is empty too."""
        return not other

    __hash__ = None  # type: ignore[assignment]  # nothing keeps it


class _Room(liquid.Environment):
    """Limits: a message is a few sentences, so whatever needs more is a slip or an attack."""

    loop_iteration_limit = 200
    local_namespace_limit = 20_000
    output_stream_limit = 16_000
    context_depth_limit = 10


@functools.cache
def _room(*, is_forgiving: bool) -> _Room:
    room = _Room(undefined=Missing if is_forgiving else StrictUndefined, strict_filters=True)
    for name in TAGS_REFUSED & room.tags.keys():
        del room.tags[name]
    for name in FILTERS_REFUSED & room.filters.keys():
        del room.filters[name]
    room.filters["day"] = _day
    return room


@functools.lru_cache(maxsize=4_000)
def _template(text: str, is_forgiving: bool) -> Any:  # noqa: ANN401, FBT001 - the library's own type; a key of the memory
    return _room(is_forgiving=is_forgiving).from_string(text)


def filled(text: str, fields: Fields, *, is_forgiving: bool = False) -> str:
    """The text with its fields filled in. Raises ValueError with the library's sentence where that is impossible."""
    if "{" not in text:
        return text
    try:
        return str(_template(text, is_forgiving).render(**fields)).strip()
    except (LiquidError, RecursionError, ArithmeticError) as broken:
        raise ValueError(str(broken).splitlines()[0][:200]) from broken


def variables(text: str) -> frozenset[tuple[str, ...]]:
    """The variables that a text names, as (group, name). Raises ValueError where it is no template."""
    if "{" not in text:
        return frozenset()
    try:
        return _named(text)
    except (LiquidError, RecursionError) as broken:
        raise ValueError(str(broken).splitlines()[0][:200]) from broken


@functools.lru_cache(maxsize=4_000)
def _named(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(map(str, path)) for path in _template(text, is_forgiving=True).global_variable_segments())


def cut(text: str, limit_bytes: int) -> str:
    """The text as far as it fits, whole characters only."""
    encoded = text.encode()
    return text if len(encoded) <= limit_bytes else encoded[:limit_bytes].decode(errors="ignore")


def _day(value: Any, pattern: str = "M月D日") -> Any:  # noqa: ANN401 - a filter takes what the text hands it
    """A date in a pattern of YYYY, MM, M, DD, D and W (the weekday); whatever is no date stays as it is."""
    try:
        day = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return value
    parts = {"YYYY": f"{day.year}", "MM": f"{day.month:02}", "DD": f"{day.day:02}", "M": f"{day.month}", "D": f"{day.day}"}
    written, place = "", 0
    while place < len(pattern):
        mark = next((one for one in (*parts, "W") if pattern.startswith(one, place)), "")
        written += parts.get(mark, _WEEKDAYS[day.weekday()]) if mark else pattern[place]
        place += len(mark) or 1
    return written[:60]
