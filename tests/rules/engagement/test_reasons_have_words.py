"""Whatever the ledger, a dead letter or a preview may give as a reason has words in Chinese and in English."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wellspring.channels import errors
from wellspring.channels.rules import mails
from wellspring.channels.rules import sends as rules
from wellspring.engagement.contracts.touches import Why
from wellspring.engagement.rules.planning import Reason
from wellspring.kernel import errors as kernel_errors
from wellspring.kernel.errors import WellspringError

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "wellspring"
LANGUAGES = ("zh-CN", "en")
# What makes an outcome or a receipt: the adapters, what they know of platforms, and the service around them.
SENDING = (
    *sorted((SOURCE / "channels" / "adapters" / "sends").glob("*.py")),
    *(SOURCE / "channels" / "rules" / f"{name}.py" for name in ("sends", "mails", "sms")),
    *(SOURCE / "channels" / "service" / f"{name}.py" for name in ("sending", "accounts", "media", "receiving")),
    SOURCE / "channels" / "repo" / "secrets.py",
    SOURCE / "kernel" / "outbound.py",
)
# Written by engagement beside what `Why` names.
OURS = {"not_confirmed", "recalled", "by_hand", "erased"}
TEMPLATES = {"failed:user block", "failed: system failed"}
_CODE = re.compile(r"channels\.[a-z_]+")
# Names of jobs and locks that look alike.
_NO_REASONS = {"channels.settle_parcels", "channels.forget_parcels", "channels.accounts", "channels.secrets", "channels.reply"}


def locale(language: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "web" / "src" / "locales" / language / f"{name}.json").read_text(encoding="utf-8"))
    return found


def named_codes() -> Iterator[str]:
    """Codes that stand in the source as texts."""
    for path in SENDING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                yield node.value


def raised_codes() -> Iterator[str]:
    """Codes of the errors that sending may end with; a platform's refusal goes by the platform's own code."""
    for path in SENDING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            kind = getattr(errors, name, None) or getattr(kernel_errors, name, None)
            if isinstance(kind, type) and issubclass(kind, WellspringError) and not issubclass(kind, errors.ChannelFailed):
                yield kind.code


def reasons() -> set[str]:
    found = {*named_codes(), *raised_codes(), *rules.MASS_STATES.values(), mails.BOUNCED, mails.COMPLAINED, mails.DELAYED}
    return {why.value for why in Why} | OURS | TEMPLATES | {code for code in found if code} - _NO_REASONS


def test_the_codes_are_found() -> None:
    # So that the test below cannot pass because it finds nothing.
    assert {"channels.not_taken", "channels.bounced", "channels.account_paused", "channels.address_gone", "capped"} <= reasons()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_touch_has_words(language: str) -> None:
    words = locale(language, "touches")["reasons"]
    assert sorted(reason for reason in reasons() if not words.get(reason)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_names_a_code_of_its_own_has_words_around_it(language: str) -> None:
    words = locale(language, "touches")
    for name in ("platformCode", "httpCode", "smtpCode", "smsCode", "statusCode", "noAnswer"):
        assert "{{code}}" in words[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_journeys_preview_has_words(language: str) -> None:
    words = locale(language, "journeys")["reason"]
    asked = {reason.value for reason in Reason} | {Why.NO_GUIDE.value, Why.OVER_LIMIT.value, Why.REPEATED.value}
    assert sorted(reason for reason in asked if not words.get(reason)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_warning_of_a_preview_has_words(language: str) -> None:
    source = (SOURCE / "engagement" / "service" / "outlooks.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'found\.append\("(\w+)"\)', source))
    words = json.dumps(locale(language, "touches"), ensure_ascii=False)
    assert codes
    assert sorted(code for code in codes if f'"{code}":' not in words) == []
