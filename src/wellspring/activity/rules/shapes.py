"""Types of properties as the catalogue shows them, and which values may be shown as samples."""

from collections.abc import Iterator, Mapping
from typing import Any

# Longer texts are contents, not values.
_SAMPLE_LENGTH_MAX = 60
_DEPTH_MAX = 4
_TYPES = {str: "text", int: "number", float: "number", bool: "boolean", type(None): "null", dict: "object", list: "list"}


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
