"""Identifiers: their kinds as data, their one normal form, and what is never an identifier (T08).

Phone numbers become E.164 (without a country code: the workspace's region), e-mail addresses lower case as a whole,
because no provider in use tells two mailboxes apart by case. Everything else is compared as given, in NFC, without
blanks around it.
"""

import dataclasses
import re
from collections.abc import Mapping

import phonenumbers

from wellspring.kernel.text import mask_email, mask_phone, nfc
from wellspring.people.contracts import IdentityKind, Refusal


@dataclasses.dataclass(frozen=True, slots=True)
class KindRule:
    """How strong a kind is (1 strongest), how many of it a member may have, and how it is treated."""

    priority: int
    limit: int
    personal: bool = False
    # Whether two profiles clashing over it are a question for a person; a device or a cookie just stays where it is.
    disputed: bool = True
    # Whether it says who somebody is, rather than which browser they used.
    identifies: bool = True


KINDS: Mapping[IdentityKind, KindRule] = {
    IdentityKind.USER_ID: KindRule(1, 1),
    IdentityKind.UNIONID: KindRule(2, 1),
    IdentityKind.PHONE: KindRule(3, 5, personal=True),
    IdentityKind.CARD_NO: KindRule(4, 5),
    IdentityKind.EXTERNAL_USERID: KindRule(5, 5),
    IdentityKind.OPENID: KindRule(6, 10),
    IdentityKind.BUYER_ID: KindRule(7, 20),
    IdentityKind.EMAIL: KindRule(8, 5, personal=True),
    IdentityKind.DEVICE: KindRule(9, 50, disputed=False, identifies=False),
    IdentityKind.ANONYMOUS_ID: KindRule(10, 100, disputed=False, identifies=False),
}
PERSONAL = frozenset(kind for kind, rule in KINDS.items() if rule.personal)
WEAK = frozenset(kind for kind, rule in KINDS.items() if not rule.identifies)

# What clients send when they know nothing. Compared in lower case; all-zero values are caught by their shape.
JUNK = frozenset(
    {
        "",
        "null",
        "none",
        "nil",
        "undefined",
        "nan",
        "anonymous",
        "unknown",
        "guest",
        "n/a",
        "na",
        "-1",
        "(null)",
        "(none)",
        "[object object]",
        "true",
        "false",
    }
)
_ZEROES = re.compile(r"^[0\s:._-]*$")
_SHORT, _PART = 4, 3
_VALUE_MAX = 255
_NAMESPACE_MAX = 64
# The mobile numbers of mainland China, which are nearly all numbers that arrive: parsing them fully costs 60 µs each.
_CHINESE_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_DIGITS = re.compile(r"^\+?\d{5,20}$", re.ASCII)
_PHONE_NOISE = str.maketrans("", "", " -()\u00a0\u3000.\t")
_EMAIL = re.compile(r"^[^@\s\"<>,;]{1,64}@(?:[^@\s.\"<>,;]{1,63}\.)+[^@\s.\"<>,;]{2,63}$")

# Control characters and lone surrogates, which no store keeps.
_UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")

_UNREADABLE = Refusal("people.identity_unreadable", "标识含控制字符或无效字符", "the identifier holds control characters or invalid ones")
_JUNK = Refusal("people.junk_identity", "空值或占位值不能作为标识", "an empty or placeholder value is never an identifier")
_TOO_LONG = Refusal("people.identity_too_long", "标识过长（最多 255 个字符）", "the identifier is longer than 255 characters")
_NO_PHONE = Refusal("people.not_a_phone", "不是有效的手机号", "not a valid phone number")
_NO_EMAIL = Refusal("people.not_an_email", "不是有效的邮箱地址", "not a valid e-mail address")
NO_IDENTITY = Refusal(
    "people.no_identity", "没有可用的标识（userId、anonymousId 等）", "no usable identifier (userId, anonymousId or another)"
)
SUPPRESSED = Refusal(
    "people.suppressed", "该标识属于已删除的个人，不再录入", "the identifier belongs to an erased person and is not taken in again"
)
UNKNOWN = Refusal("people.member_unknown", "没有这位会员（仅更新模式）", "there is no such member (update only)")
OVER_LIMIT = Refusal("people.identity_limit", "该会员此类标识已达上限", "the member has as many identifiers of this kind as allowed")
STAYS = Refusal("people.identity_stays", "该标识属于另一位会员，保留在原处", "the identifier belongs to another member and stays there")


def is_junk(value: str) -> bool:
    """Whether a trimmed value says nothing about anyone (T08)."""
    return value.lower() in JUNK or (value[0] in "0:._-" and _ZEROES.match(value) is not None)


def normal(kind: IdentityKind, value: object, *, region: str, namespace: str = "") -> str | Refusal:
    """The one form in which two spellings of an identifier are equal, or why it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return _JUNK
    text = nfc(str(value)).strip()
    if is_junk(text):
        return _JUNK
    if len(text) > _VALUE_MAX or len(namespace) > _NAMESPACE_MAX:
        return _TOO_LONG
    if not text.isprintable() and _UNPRINTABLE.search(text):
        return _UNREADABLE
    if kind is IdentityKind.PHONE:
        return normal_phone(text, region=region)
    if kind is IdentityKind.EMAIL:
        return normal_email(text)
    return text


def normal_phone(text: str, *, region: str) -> str | Refusal:
    """E.164, for instance +8613800138000."""
    bare = nfc(text).translate(_PHONE_NOISE)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if (region == "CN" or bare.startswith(("+86", "86"))) and (mobile := _CHINESE_MOBILE.match(bare)):
        return "+86" + mobile[1]
    if not _DIGITS.match(bare):
        return _NO_PHONE
    try:
        parsed = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return _NO_PHONE
    if not phonenumbers.is_possible_number(parsed) or len(str(parsed.national_number)) < 6:
        return _NO_PHONE
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def normal_email(text: str) -> str | Refusal:
    """The address in lower case; full-width forms were folded by NFC only, so they are refused by shape."""
    lowered = text.lower()
    return lowered if len(lowered) <= 254 and _EMAIL.match(lowered) else _NO_EMAIL


def mask(kind: IdentityKind, normal_value: str) -> str:
    """What may be shown of a personal identifier."""
    return mask_phone(normal_value) if kind is IdentityKind.PHONE else mask_email(normal_value)


def part_of(value: str) -> str:
    """Enough of an identifier that is not personal to tell two apart at a glance."""
    return value if len(value) <= _SHORT else f"{value[:_PART]}****{value[-_PART:]}"


def limits_with(overrides: Mapping[str, int]) -> dict[IdentityKind, int]:
    """The limit per kind, a workspace's own wishes applied."""
    return {kind: overrides.get(kind.value, rule.limit) for kind, rule in KINDS.items()}
