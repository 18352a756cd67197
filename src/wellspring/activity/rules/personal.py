"""Taking personal values out of what goes into the log (I31).

Keys that name a personal value lose it at any depth; texts that are nothing but an e-mail address or a Chinese mobile
number are masked wherever they stand. Traits keep phone, e-mail and name for people, who seal them. What a shopper
types into a free text cannot be recognised with certainty: senders must not put such texts into events.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

from wellspring.kernel.text import mask_email, mask_phone

_EMAIL = re.compile(r"^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$")
_PHONE = re.compile(r"^(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}$")
_SEPARATORS = re.compile(r"[\s_.\-]+")
# Under such names eleven digits are a number of something else.
_NUMBERS = ("_no", "_id", "Id", "No", "sku", "SKU", "code")
_DEPTH_MAX = 32


def cleaned(fields: Mapping[str, Any], personal_keys: frozenset[str], *, depth: int = 0) -> dict[str, Any]:
    """A copy without personal values; masks stand where a text was personal by its form."""
    kept: dict[str, Any] = {}
    for key, value in fields.items():
        if is_personal(key, personal_keys):
            continue
        kind = type(value)
        if kind is str:
            kept[key] = masked(key, value) if len(value) > 5 else value
        elif kind is dict:
            kept[key] = cleaned(value, personal_keys, depth=depth + 1) if depth < _DEPTH_MAX else None
        elif kind is list:
            kept[key] = _cleaned_list(key, value, personal_keys, depth + 1) if depth < _DEPTH_MAX else None
        else:
            kept[key] = value
    return kept


@functools.lru_cache(maxsize=20_000)
def is_personal(key: str, personal_keys: frozenset[str]) -> bool:
    """Whether a field of this name holds a personal value, however it is spelled: Phone_Number is phonenumber."""
    return folded(key) in personal_keys


def folded(key: str) -> str:
    """A name without case and separators, as the personal keys are given."""
    return _SEPARATORS.sub("", key.lower())


def masked(key: str, text: str) -> str:
    """The text, or its mask if it is an e-mail address or a mobile number."""
    if "@" in text:
        return mask_email(text) if _EMAIL.match(text) else text
    first = text[0]
    if (first in "1+8") and 11 <= len(text) <= 18 and _PHONE.match(text) and not key.endswith(_NUMBERS):
        return mask_phone(re.sub(r"[^\d+]", "", text))
    return text


def _cleaned_list(key: str, values: list[Any], personal_keys: frozenset[str], depth: int) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if type(value) is dict:
            kept.append(cleaned(value, personal_keys, depth=depth + 1))
        elif type(value) is list:
            kept.append(_cleaned_list(key, value, personal_keys, depth + 1) if depth < _DEPTH_MAX else None)
        elif type(value) is str:
            kept.append(masked(key, value) if len(value) > 5 else value)
        else:
            kept.append(value)
    return kept
