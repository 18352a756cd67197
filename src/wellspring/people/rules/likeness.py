"""What two members are compared by: plain values in, the columns of a comparison out. Nothing here is kept.

Chinese names are compared as they are written, a family name and a given name; there is no pinyin, because two
names that only sound alike are no evidence. Whatever is empty says nothing, for or against.
"""

import enum
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wellspring.people.contracts import Agreement

_CHINESE = re.compile(r"^[\u3400-\u9fff\uf900-\ufaff]+$")
# A courier's label or a cashier's note knows the family name only.
_TITLES = re.compile(r"(先生|女士|小姐|太太|老师|师傅|同学|总)$")
_COMPOUND = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "长孙",
        "夏侯",
        "轩辕",
        "端木",
        "南宫",
        "独孤",
        "西门",
        "百里",
        "呼延",
    )
)
_NOISE = re.compile(r"[\s·•*＊._,，、'’`-]+")
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_DIGITS = re.compile(r"\d+")
# 1990-03-08, 1990/3/8, 19900308, 1990年3月8日.
_DATE = re.compile(r"^\s*(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D*")
_TAIL = 4
# Names under which attributes are kept → what they are compared as.
ATTRIBUTES: Mapping[str, str] = {
    **{name: name for name in ("name", "first_name", "last_name", "address", "phone", "email", "birthday", "city", "postcode")},
    **dict.fromkeys(("birth_date", "birthdate", "date_of_birth", "dob", "生日", "出生日期"), "birthday"),
    **dict.fromkeys(("address.city", "town", "城市", "所在城市"), "city"),
    **dict.fromkeys(("postal_code", "postalCode", "zip", "zipcode", "address.postalCode", "address.postal_code", "邮编"), "postcode"),
}
_CITY_ENDINGS = re.compile(r"(市|地区|自治州|盟)$")


class Columns(NamedTuple):
    """One member as a row of the comparison; every value is in its normal form or None."""

    number: int
    # One bit for each kind of which it has as many identifiers as one person may: two with the same bit are never
    # proposed (N02).
    full: int = 0
    family: str | None = None
    given: str | None = None
    phone: str | None = None
    phone_tail: str | None = None
    email: str | None = None
    mailbox: str | None = None
    birthday: str | None = None
    address: list[str] | None = None
    postcode: str | None = None
    city: str | None = None


class Field(enum.StrEnum):
    """What a pair is compared by, in the order in which people read it."""

    FAMILY = "family"
    GIVEN = "given"
    PHONE = "phone"
    EMAIL = "email"
    BIRTHDAY = "birthday"
    ADDRESS = "address"
    PLACE = "place"


# What each field is read from, by the names of ATTRIBUTES' values.
_READ_FROM: Mapping[str, tuple[str, ...]] = {
    Field.FAMILY: ("last_name", "name"),
    Field.GIVEN: ("first_name", "name"),
    Field.PLACE: ("postcode", "city"),
}


def shown(field: str, masks: Mapping[str, object]) -> str | None:
    """What may be shown of a field, from values by attribute name that are masked where they are personal."""
    wanted = _READ_FROM.get(field, (field,))
    values = [str(value) for read in wanted for name, value in masks.items() if ATTRIBUTES.get(name) == read and value]
    # A name as a whole stands for what it holds.
    return (values[0] if "name" in wanted else " · ".join(dict.fromkeys(values))) if values else None


def split_name(text: str) -> tuple[str | None, str | None]:
    """Family name and given name: 欧阳娜娜 is 欧阳 and 娜娜, 王女士 is 王 alone, "Ann Lee" is lee and ann."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    joined = _NOISE.sub("", plain)
    if joined and _CHINESE.match(joined):
        bare = _TITLES.sub("", joined)
        is_titled = bare != joined
        size = 2 if bare[:2] in _COMPOUND else 1
        return bare[:size] or None, None if is_titled else bare[size:] or None
    words = _WORDS.findall(plain)
    if "," in plain or "，" in plain:
        words = words[1:] + words[:1]
    if not words:
        return None, None
    return (words[-1], words[0]) if len(words) > 1 else (None, words[0])


def word(text: object) -> str | None:
    """A name or a city alone: folded, without blanks and stops."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", str(text)).casefold()) if text is not None else ""
    return plain or None


def city_name(text: object) -> str | None:
    """上海市 and 上海 are one city."""
    plain = word(text)
    return None if plain is None else _CITY_ENDINGS.sub("", plain) or plain


def birthday(value: object) -> str | None:
    """Eight digits, so that one slip of the hand is one step apart."""
    found = _DATE.match(str(value)) if value is not None else None
    return f"{found[1]}{int(found[2]):02}{int(found[3]):02}" if found else None


def address_words(text: object) -> list[str] | None:
    """The words of an address; Chinese, which has no blanks, as pairs of neighbouring characters, and all numbers."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold() if text is not None else ""
    words: list[str] = []
    for run in _WORDS.findall(plain):
        words += _DIGITS.findall(run) if any(mark > "\u3400" for mark in run) else [run]
        letters = _DIGITS.sub(" ", run)
        for part in letters.split():
            if part[0] > "\u3400":
                words += [part[place : place + 2] for place in range(max(1, len(part) - 1))]
    return sorted(set(words)) or None


def address_parts(text: str) -> dict[str, str]:
    """An address as it was told: one line, or an object with street, city and postal code, which is kept as JSON."""
    if not text.startswith("{"):
        return {"address": text}
    try:
        told = json.loads(text)
    except ValueError:
        return {"address": text}
    parts = {ATTRIBUTES.get(name, "address"): str(value) for name, value in told.items() if isinstance(value, str | int)}
    lines = [str(value) for name, value in told.items() if isinstance(value, str | int) and ATTRIBUTES.get(name, "address") == "address"]
    return {**parts, "address": " ".join(lines)} if lines else parts


def columns(number: int, *, full: int, values: Mapping[str, Any], phones: Sequence[str], emails: Sequence[str]) -> Columns:
    """A member's row; `values` are plain attribute values by the names under which they are kept."""
    family, given = split_name(str(values["name"])) if values.get("name") else (None, None)
    phone, email = (next(iter(reversed(held)), None) for held in (phones, emails))
    return Columns(
        number=number,
        full=full,
        family=word(values.get("last_name")) or family,
        given=word(values.get("first_name")) or given,
        phone=phone,
        phone_tail=phone[-_TAIL:] if phone else None,
        email=email,
        mailbox=email.partition("@")[0] if email else None,
        birthday=birthday(values.get("birthday")),
        address=address_words(values.get("address")),
        postcode=word(values.get("postcode")),
        city=city_name(values.get("city")),
    )


def says_anything(row: Columns) -> bool:
    """Whether there is enough to compare: of a cookie alone nothing is known."""
    return sum(value is not None for value in row[2:]) >= 2


def is_worth_asking(agreements: Mapping[str, Agreement]) -> bool:
    """Whether there is enough for a person to look at: one field that agrees is a coincidence, whatever the model says."""
    agreeing = sum(one in (Agreement.SAME, Agreement.CLOSE) for one in agreements.values())
    return agreeing >= 2 and any(agreements.get(field) in (Agreement.SAME, Agreement.CLOSE) for field in _TELLING)


# A family name, a birthday and a city are shared by thousands.
_TELLING = (Field.GIVEN, Field.PHONE, Field.EMAIL, Field.ADDRESS)
