"""Which values of units and staff can be taken, and in which form they are kept."""

import unicodedata
from collections.abc import Collection
from typing import Any

import phonenumbers

from wellspring.kernel.text import nfc
from wellspring.organization.contracts import StaffDraft, UnitDraft, WeekHours
from wellspring.organization.errors import FieldRefused
from wellspring.organization.rules import geography, hours

CODE_LENGTH_MAX = 64
NAME_LENGTH_MAX = 120
_LENGTHS = {"address": 300, "phone": 40, "title": 60, "wecom_userid": 64}
UNIT_FIELDS = frozenset({"code", "name", "kind", "address", "phone", "place", "opening_hours", "special_days", "closed_on"})
STAFF_FIELDS = frozenset({"code", "name", "title", "phone", "wecom_userid", "left_on"})


def unit_columns(draft: UnitDraft, fields: Collection[str]) -> dict[str, Any]:
    """The named fields of the draft as column values. Raises FieldRefused."""
    columns: dict[str, Any] = {}
    if "code" in fields:
        columns["code"] = clean_text("code", draft.code, CODE_LENGTH_MAX)
    if "name" in fields:
        columns["name"] = clean_text("name", draft.name, NAME_LENGTH_MAX)
    if "kind" in fields:
        columns["kind"] = str(draft.kind)
    for field in ("address", "phone"):
        if field in fields:
            columns[field] = _optional(field, getattr(draft, field))
    if "place" in fields:
        columns |= _place_columns(draft)
    if "opening_hours" in fields:
        columns["opening_hours"] = _hours("opening_hours", draft.opening_hours, is_week=True)
    if "special_days" in fields:
        columns["special_days"] = _hours("special_days", draft.special_days, is_week=False)
    if "closed_on" in fields:
        columns["closed_on"] = draft.closed_on
    return columns


def staff_texts(draft: StaffDraft, fields: Collection[str]) -> dict[str, Any]:
    """The named plain fields of the draft as column values; the phone number is sealed elsewhere. Raises FieldRefused."""
    columns: dict[str, Any] = {}
    if "code" in fields:
        columns["code"] = clean_text("code", draft.code, CODE_LENGTH_MAX)
    if "name" in fields:
        columns["name"] = clean_text("name", draft.name, NAME_LENGTH_MAX)
    for field in ("title", "wecom_userid"):
        if field in fields:
            columns[field] = _optional(field, getattr(draft, field))
    if "left_on" in fields:
        columns["left_on"] = draft.left_on
    return columns


def clean_text(field: str, text: str, length_max: int) -> str:
    """One line of text without control characters, trimmed, in normal form. Raises FieldRefused."""
    clean = nfc(text.strip())
    if not clean:
        raise FieldRefused(field=field, reason_zh="不能为空", reason_en="must not be empty")
    if len(clean) > length_max:
        raise FieldRefused(field=field, reason_zh=f"最多 {length_max} 个字符", reason_en=f"at most {length_max} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in clean):
        raise FieldRefused(field=field, reason_zh="含有控制字符", reason_en="contains control characters")
    return clean


def clean_phone(text: str) -> str | None:
    """A person's number in E.164, numbers without a country code read as Chinese; None for an empty text. Raises FieldRefused."""
    if not text.strip():
        return None
    try:
        parsed = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or any(character.isalpha() for character in text) or not _is_dialled(parsed):
        # The text itself is left out: it may be a real number with a slip.
        raise FieldRefused(field="phone", reason_zh="不是有效的电话号码", reason_en="not a phone number")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _is_dialled(number: phonenumbers.PhoneNumber) -> bool:
    """Valid, or a Chinese mobile number of a range that the tables do not know yet."""
    is_mobile = number.country_code == 86 and len(str(number.national_number)) == 11 and str(number.national_number).startswith("1")
    return is_mobile or bool(phonenumbers.is_valid_number(number))


def _optional(field: str, text: str | None) -> str | None:
    return None if text is None or not text.strip() else clean_text(field, text, _LENGTHS[field])


def _place_columns(draft: UnitDraft) -> dict[str, Any]:
    place = draft.place
    if place is None:
        return {"longitude": None, "latitude": None, "coordinates": None}
    problem = geography.problem_of(place.longitude, place.latitude)
    if problem is not None:
        raise FieldRefused(field="longitude", reason_zh=problem[0], reason_en=problem[1])
    return {"longitude": place.longitude, "latitude": place.latitude, "coordinates": str(place.system)}


def _hours(field: str, week: WeekHours | None, *, is_week: bool) -> dict[str, list[list[str]]] | None:
    problem = None if week is None else hours.problem_of(week, is_week=is_week)
    if problem is not None:
        raise FieldRefused(field=field, reason_zh=problem[0], reason_en=problem[1])
    return hours.stored(week)
