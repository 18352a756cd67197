"""Decisions of access: what roles grant, who may govern whom, which passwords are too weak, how long a pause is.

Pure: clock, known permissions and stored values are passed in.
"""

import dataclasses
import datetime as dt
import fnmatch
import re
from collections.abc import Collection, Iterable

from wellspring.access.contracts import OWNER
from wellspring.kernel.auth import Principal
from wellspring.kernel.text import nfc

PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 200
# A person mistypes a few times; an office shares one address.
FREE_FAILURES = {"account": 5, "address": 30}
_PAUSE_SECONDS = 5
_PAUSE_SECONDS_MAX = 900
# After a quiet day earlier failures no longer count.
FAILURES_KEPT = dt.timedelta(hours=24)
# Whoever came by link shortly ago may set a password without knowing the old one.
LINK_FRESH = dt.timedelta(minutes=30)
_EMAIL = re.compile(r"^[^@\s<>\"',;\\]{1,64}@[^@\s<>\"',;\\]{1,185}\.[^@\s<>\"',;.\\]{2,}$")

_COMMON = """
    1234567890 0123456789 12345678910 0987654321 1234567890a a1234567890 1111111111 0000000000 8888888888 6666666666
    123123123123 1234512345 1122334455 11223344556677 147258369 1472583690 qwertyuiop qwerty1234 qwerty12345 qwerty123456
    1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y zxcvbnm123 asdfghjkl123 asdfghjkl1 q1w2e3r4t5 qazwsxedcrfv abcdefghij abcd123456
    abc1234567 abcabcabc1 password12 password123 password1234 password123456 passw0rd123 p@ssw0rd123 p@ssword123
    admin12345 admin123456 administrator administrator1 root123456 letmein123 welcome123 welcome1234 iloveyou123 iloveyou1314
    woaini1314 woaini520 woaini1314520 woaini5201314 5201314520 1314520131 5201314woaini aini1314520 wodemima123 mima123456
    changeme123 changeme1234 default123 test123456 test1234567 guest123456 user123456 demo123456 wellspring wellspring1
    wellspring123 huoshui123 huoshui888 huoshui123456 china123456 beijing2008 shanghai123 wechat123456 weixin123456 taobao123456
    dragon12345 monkey12345 football123 baseball123 superman123 sunshine123 princess123 trustno1234 abc123abc123 aa123456789
    a123456789 q123456789 z123456789 w123456789 123456789a 123456789q 123456789abc abc123456789 woshishei123 qq123456789
"""
_DENIED = frozenset(_COMMON.split())

# Permissions that show plain values of people; analysts, auditors and developers do their work without.
_PLAIN_VALUES = ("-people:pii:*", "-imports:rejects:*", "-activity:rejected:inspect", "-people:member:export")

# Seeds: role id → (zh, en, grants, must be tied to units). A leading "-" takes away; everything else is a pattern.
BUILTIN_ROLES: dict[str, tuple[str, str, tuple[str, ...], bool]] = {
    OWNER: ("所有者", "Owner", ("*",), False),
    "operator": (
        "运营",
        "Operator",
        ("*", "-access:*", "access:user:read", "-people:member:erase", "-console:backup:*", "-console:workspace:write"),
        False,
    ),
    "analyst": ("分析师", "Analyst", ("*:*:read", "analytics:*", "-access:*", *_PLAIN_VALUES), False),
    "store_manager": (
        "店长",
        "Store manager",
        (
            "people:member:read",
            "people:member:write",
            "people:pii:read",
            "people:consent:*",
            "organization:unit:read",
            "organization:staff:*",
            "activity:order:read",
            "activity:event:read",
            "tags:*:read",
            "tags:tag:write",
            "content:material:read",
            "content:radar:read",
            "analytics:overview:read",
            "analytics:rfm:read",
            "access:user:read",
        ),
        True,
    ),
    "guide": (
        "导购",
        "Guide",
        (
            "people:member:read",
            "people:consent:*",
            "organization:unit:read",
            "organization:staff:read",
            "activity:order:read",
            "activity:event:read",
            "tags:*:read",
            "content:material:read",
        ),
        True,
    ),
    "auditor": ("审计", "Auditor", ("*:*:read", *_PLAIN_VALUES), False),
    "developer": (
        "开发者",
        "Developer",
        ("*:*:read", "activity:*", "access:key:*", "-access:audit:*", "-access:user:*", *_PLAIN_VALUES),
        False,
    ),
}


def expand(grants: Iterable[str], known: Collection[str]) -> frozenset[str]:
    """The known permissions that the patterns grant. What is taken away stays away unless it is then named in full."""
    patterns = list(grants)
    denied = [pattern[1:] for pattern in patterns if pattern.startswith("-")]
    given = [pattern for pattern in patterns if not pattern.startswith("-")]
    named = {pattern for pattern in given if "*" not in pattern}
    return frozenset(
        permission
        for permission in known
        if permission in named
        or (
            any(fnmatch.fnmatchcase(permission, pattern) for pattern in given)
            and not any(fnmatch.fnmatchcase(permission, pattern) for pattern in denied)
        )
    )


def may_grant(by: Principal, permissions: Iterable[str], unit_ids: Collection[str]) -> bool:
    """Whether the actor holds all these permissions and sees all these units; no units stands for the whole brand."""
    if not all(by.may(permission) for permission in permissions):
        return False
    if by.scope.unit_ids is None:
        return True
    return bool(unit_ids) and by.scope.unit_ids.issuperset(unit_ids)


def clean_email(text: str) -> str | None:
    """The e-mail in the form in which it is compared, or None when it is none."""
    email = nfc(text.strip()).lower()
    return email if _EMAIL.match(email) else None


@dataclasses.dataclass(frozen=True)
class Weakness:
    """A rule that a password breaks, in both languages."""

    zh: str
    en: str


def weakness(password: str, *, email: str, name: str) -> Weakness | None:
    """The first rule that the password breaks; None when it may be taken."""
    lowered = nfc(password).lower()
    if len(lowered) < PASSWORD_LENGTH_MIN:
        return Weakness(zh=f"至少 {PASSWORD_LENGTH_MIN} 个字符", en=f"at least {PASSWORD_LENGTH_MIN} characters")
    if len(lowered) > PASSWORD_LENGTH_MAX:
        return Weakness(zh=f"最多 {PASSWORD_LENGTH_MAX} 个字符", en=f"at most {PASSWORD_LENGTH_MAX} characters")
    if lowered in _DENIED or len(set(lowered)) < 4:
        return Weakness(zh="过于常见，容易被猜到", en="too common, easily guessed")
    if lowered in {email, email.partition("@")[0], nfc(name).lower()} or lowered.startswith(email):
        return Weakness(zh="不能与邮箱或姓名相同", en="must not be the e-mail or the name")
    return None


def pause_seconds(failures: int, *, free: int) -> int:
    """How long to wait after so many failures: nothing at first, then 5, 10, 20 … 900 seconds."""
    beyond = failures - free
    return 0 if beyond < 0 else min(_PAUSE_SECONDS * 2 ** min(beyond, 20), _PAUSE_SECONDS_MAX)
