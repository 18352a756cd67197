"""One JSON object under reading: its keys are taken one by one, what is left over is a fault, and every value is checked.

A value that is wrong is noted and replaced by a harmless one, so that reading goes on and tells of everything at once.
"""

import math
import re
from collections.abc import Mapping

from wellspring.audiences.rules.faults import Faults
from wellspring.audiences.rules.tree import Scalar
from wellspring.kernel.text import nfc

NAME_MAX = 200
TEXT_MAX = 2_000
_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**63 - 1
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PROPERTY = re.compile(r"(?:[^\[\]]+\[\]\.)?[^\[\]]+")


class Fields:
    """An object, where it stands, and what of it has been taken."""

    def __init__(self, found: Mapping[str, object], path: str, faults: Faults) -> None:
        self.found = found
        self.path = path
        self.faults = faults
        self._taken: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}"

    def fault(self, place: str, reason: str, **params: str | int) -> None:
        """Notes a fault at a key."""
        self.faults.add(self.at(place), reason, **params)

    def take(self, key: str) -> object:
        """The value of the key, which is then known."""
        self._taken.add(key)
        return self.found.get(key)

    def end(self) -> None:
        """Notes every key that nothing took."""
        for key in self.found:
            if key not in self._taken:
                self.faults.add(self.path, "unknown_key", key=shown(key))

    def name(self, key: str) -> str:
        """A name: text of some length."""
        if key not in self.found:
            self.faults.add(self.path, "key_missing", key=key)
        return name(self.take(key), self.at(key), self.faults) if key in self.found else "?"

    def property_path(self, key: str) -> str:
        """A property of an event, or of its lines."""
        found = self.name(key)
        if not _PROPERTY.fullmatch(found):
            self.fault(key, "not_property")
        return found

    def true(self, key: str) -> None:
        """Nothing but true."""
        if self.take(key) is not True:
            self.fault(key, "not_true")

    def listed(self, key: str, limit: int) -> list[object]:
        """An array of at most that many."""
        value = self.take(key)
        if not isinstance(value, list):
            self.fault(key, "not_list")
            return []
        if len(value) > limit:
            self.fault(key, "too_many", limit=limit)
        return value[:limit]

    def inner(self, key: str) -> "Fields":
        """An object."""
        return fields_of(self.take(key), self.at(key), self.faults)


def fields_of(value: object, path: str, faults: Faults) -> Fields:
    """The value as an object."""
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return Fields(value, path, faults)
    faults.add(path, "not_object")
    return Fields({}, path, Faults())


def name(value: object, path: str, faults: Faults) -> str:
    """A name in normal form C."""
    if isinstance(value, str) and value.strip() and len(value) <= NAME_MAX and not _CONTROL.search(value):
        return nfc(value)
    faults.add(path, "not_name", limit=NAME_MAX)
    return "?"


def text(value: object, path: str, faults: Faults) -> str:
    """Any text that can be stored, the empty one too."""
    if isinstance(value, str) and len(value) <= TEXT_MAX and not _UNSTORABLE.search(value):
        return nfc(value)
    faults.add(path, "not_text", limit=TEXT_MAX)
    return ""


def number(value: object, path: str, faults: Faults) -> int | float:
    """A finite number of at most 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        faults.add(path, "not_number")
        return 0
    fits = math.isfinite(value) if isinstance(value, float) else _INTEGER_MIN <= value <= _INTEGER_MAX
    if not fits:
        faults.add(path, "number_range")
        return 0
    return value


def scalar(value: object, path: str, faults: Faults) -> Scalar:
    """A text, a number or a boolean."""
    if value is None:
        faults.add(path, "null")
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number(value, path, faults)
    if isinstance(value, str):
        return text(value, path, faults)
    faults.add(path, "not_scalar")
    return ""


def shown(key: str) -> str:
    """A stranger's key as it can stand in a message."""
    return _CONTROL.sub("�", key)[:40]
