"""Attributes: which names are personal, how values are typed, and which of two observations is in force.

The later event time wins, whatever arrived last (T09). At one instant a value beats a clearing, and of two values the
one with the greater digest wins: arbitrary, but the same on every machine and in every order. A type may drift;
each observation keeps its own (T10).
"""

import datetime as dt
import functools
import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from wellspring.kernel.clock import iso
from wellspring.kernel.text import mask_name, nfc
from wellspring.people.contracts import IdentityKind, Refusal

NULL = "null"
SEALED = "sealed"
HOME_UNIT = "$home_unit"
CLEARED_DIGEST = bytes(16)
_NAME_MAX = 100
# Longer text is a document, not an attribute; it belongs into an event.
_TEXT_MAX = 2_000
_LIST_MAX = 100
_DEPTH_MAX = 3
_BAD_NAME = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SEPARATORS = re.compile(r"[\s_\-.]+")
_LOOKS_PERSONAL = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|[^@\s]{1,64}@[^@\s]+\.[A-Za-z]{2,}")

_PHONES = (
    "phone",
    "mobile",
    "phonenumber",
    "mobilephone",
    "mobilenumber",
    "tel",
    "telephone",
    "cellphone",
    "手机",
    "手机号",
    "手机号码",
    "电话",
    "电话号码",
    "联系电话",
)
_EMAILS = ("email", "mail", "emailaddress", "邮箱", "电子邮箱", "电子邮件", "邮箱地址")
IDENTITY_NAMES: Mapping[str, IdentityKind] = {
    **dict.fromkeys(_PHONES, IdentityKind.PHONE),
    **dict.fromkeys(_EMAILS, IdentityKind.EMAIL),
}
# Spelling → the name it is kept under, sealed.
SEALED_NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "name",
            "fullname",
            "realname",
            "truename",
            "customername",
            "membername",
            "姓名",
            "真实姓名",
            "客户姓名",
            "会员姓名",
            "收货人",
            "收货人姓名",
        ),
        "name",
    ),
    **dict.fromkeys(("firstname", "givenname", "名"), "first_name"),
    **dict.fromkeys(("lastname", "familyname", "surname", "姓"), "last_name"),
    **dict.fromkeys(("nickname", "昵称", "微信昵称"), "nickname"),
    **dict.fromkeys(("address", "street", "streetaddress", "shippingaddress", "地址", "详细地址", "收货地址"), "address"),
    **dict.fromkeys(("idcard", "idnumber", "idno", "身份证", "身份证号", "身份证号码"), "id_number"),
    **dict.fromkeys(("wechat", "wechatid", "微信号", "微信"), "wechat"),
}

BAD_NAME = Refusal(
    "people.attribute_name", "属性名为空、过长或含控制字符", "the attribute's name is empty, too long or holds control characters"
)
BAD_VALUE = Refusal("people.attribute_value", "属性值类型不支持或过长", "the attribute's value is of no supported type or too long")


class Typed(NamedTuple):
    """A value as it is kept: kind, canonical JSON text, and a digest for telling values apart."""

    kind: str
    text: str
    digest: bytes


def flat(attributes: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Names and values with nested objects as dotted names; a personal name keeps its whole value."""
    for name, value in attributes.items():
        full = f"{prefix}{name}"
        if isinstance(value, Mapping) and depth < _DEPTH_MAX and not sealed_name(full):
            yield from flat(value, f"{full}.", depth + 1)
        else:
            yield full, value


# The same few names come with every event, so each decision about a name is made once.
@functools.lru_cache(maxsize=4096)
def good_name(name: str) -> str | None:
    """The name as it is kept, or None for one that cannot be taken."""
    kept = nfc(name).strip()
    return kept if 0 < len(kept) <= _NAME_MAX and not _BAD_NAME.search(kept) and not kept.startswith("$") else None


@functools.lru_cache(maxsize=4096)
def identity_kind(name: str) -> IdentityKind | None:
    """The identity that a personal attribute name stands for: 手机号 is a phone."""
    return IDENTITY_NAMES.get(_folded(name))


@functools.lru_cache(maxsize=4096)
def sealed_name(name: str) -> str | None:
    """The name under which a personal attribute is sealed, None for a plain one."""
    return SEALED_NAMES.get(_folded(name))


def typed(value: Any) -> Typed | None:  # noqa: ANN401 - sources send anything
    """The value with its kind; None where it is of no kind that an attribute can have."""
    kind, kept = _kind_of(value)
    if kind is None:
        return None
    text = orjson.dumps(kept).decode()
    if len(text) > _TEXT_MAX * 4:
        return None
    return Typed(kind, text, CLEARED_DIGEST if kind == NULL else digest_of(kind, text))


def looks_personal(typed_value: Typed) -> bool:
    """Whether a text holds something like a phone number or an e-mail address: such a value is sealed, whatever its name."""
    return typed_value.kind in ("text", "list", "number") and _LOOKS_PERSONAL.search(typed_value.text) is not None


def digest_of(kind: str, text: str) -> bytes:
    """16 bytes that differ for different values."""
    return hashlib.blake2b(f"{kind}\x1f{text}".encode(), digest_size=16).digest()


def rank(at_millis: int, digest: bytes) -> tuple[int, bytes]:
    """The observation with the greatest rank is in force."""
    return at_millis, digest


def mask_sealed(name: str, plain: str) -> str:
    """What may be shown of a sealed attribute: of a name its first character, of anything else nothing but that it is there."""
    return mask_name(plain) if name in ("name", "nickname", "last_name", "first_name") else "****"


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", nfc(name).lower())


def _kind_of(value: Any) -> tuple[str | None, Any]:  # noqa: ANN401 - sources send anything
    if value is None:
        return NULL, None
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int):
        # Beyond 64 bits no store and no JSON reader keeps it exactly.
        return ("number", value) if -(2**63) <= value < 2**63 else (None, None)
    if isinstance(value, float):
        return ("number", int(value) if value.is_integer() and abs(value) < 2**53 else value) if math.isfinite(value) else (None, None)
    if isinstance(value, str):
        return ("text", nfc(value)) if len(value) <= _TEXT_MAX and "\x00" not in value and _is_unicode(value) else (None, None)
    if isinstance(value, dt.datetime):
        return ("instant", iso(value)) if value.tzinfo else (None, None)
    if isinstance(value, dt.date):
        return "date", value.isoformat()
    return _list_of(value)


def _list_of(value: Any) -> tuple[str | None, Any]:  # noqa: ANN401 - as above
    if not isinstance(value, list | tuple) or len(value) > _LIST_MAX:
        return None, None
    if not all(isinstance(part, str | int | float) for part in value):
        return None, None
    texts = [nfc(str(part)) for part in value]
    fits = all(_is_unicode(text) and "\x00" not in text for text in texts)
    return ("list", texts) if fits and sum(map(len, texts)) <= _TEXT_MAX else (None, None)


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
