"""Shapes of events: the types of properties as the catalogue shows them, and which values may be shown as samples.

A sender's events come in few shapes (a kind, names, types). What follows from a shape is worked out once for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wellspring.activity.rules.personal import is_personal
from wellspring.activity.rules.rowbinary import texts_bytes

# Longer texts are contents, not values.
_SAMPLE_LENGTH_MAX = 60
_DEPTH_MAX = 4
_TYPES = {str: "text", int: "number", float: "number", bool: "boolean", type(None): "null", dict: "object", list: "list"}


# A sender whose every event has names of its own would fill memory: beyond this, all is worked out anew.
_SHAPES_MAX = 20_000
_PLAIN = frozenset((str, int, float, bool, type(None)))


class Shape:
    """A kind with names and types of properties; `head` is the start of its rows in the log.

    Plain shapes have flat properties, none of which is personal by its name.
    """

    __slots__ = ("_texts", "head", "is_plain", "kind")

    def __init__(self, kind: str, head: bytes, *, is_plain: bool, texts: Sequence[str]) -> None:
        self.kind, self.head, self.is_plain, self._texts = kind, head, is_plain, texts

    def may_hold_personal(self, properties: Mapping[str, Any], written: bytes) -> bool:
        """Whether plain properties may hold a text that is masked; False is certain. `written` are their bytes as JSON."""
        if b"@" in written:
            return True
        for name in self._texts:
            value = properties[name]
            # Mobile numbers have at least eleven characters.
            if len(value) > 10 and value[0] in "1+8":
                return True
        return False


class Shapes:
    """The shapes that a process has met, under a set of names that are personal."""

    def __init__(self, personal_keys: frozenset[str]) -> None:
        self._personal_keys = personal_keys
        self._known: dict[tuple[Any, ...], Shape] = {}

    def of(self, kind: str, type_: str, properties: Mapping[str, Any]) -> Shape:
        """The one shape of such an event."""
        key = (kind, type_, *properties, *map(type, properties.values()))
        return self._known.get(key) or self._met(key, kind, type_, properties)

    def _met(self, key: tuple[Any, ...], kind: str, type_: str, properties: Mapping[str, Any]) -> Shape:
        if len(self._known) >= _SHAPES_MAX:
            self._known.clear()
        is_plain = all(type(value) in _PLAIN and not is_personal(name, self._personal_keys) for name, value in properties.items())
        texts = [name for name, value in properties.items() if type(value) is str]
        shape = self._known[key] = Shape(kind, texts_bytes(kind, type_), is_plain=is_plain, texts=texts)
        return shape


def type_of(value: object) -> str:
    """The word for a value's type: text, number, boolean, null, object, list."""
    return _TYPES.get(type(value), "text")


def flat_types(properties: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str, Any]]:
    """Every property with its type and value; nested ones as `address.city` and `lines[].sku`."""
    for key, value in properties.items():
        name = prefix + key
        yield name, type_of(value), value
        if depth >= _DEPTH_MAX:
            continue
        if type(value) is dict:
            yield from flat_types(value, f"{name}.", depth + 1)
        elif type(value) is list:
            for entry in value[:3]:
                if type(entry) is dict:
                    yield from flat_types(entry, f"{name}[].", depth + 1)


def sample_of(value: object) -> str | float | bool | None:
    """The value if it may be shown as an example; None for long texts and for what is no plain value."""
    if type(value) is str:
        return value if 0 < len(value) <= _SAMPLE_LENGTH_MAX else None
    return value if type(value) in (int, float, bool) else None  # type: ignore[return-value]
