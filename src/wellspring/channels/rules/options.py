"""What an account of each kind needs beside its secret: options that may be read again, and their faults in plain words. Pure."""

import re
from collections.abc import Iterator, Mapping

from wellspring.channels.contracts.accounts import AccountKind
from wellspring.channels.rules import sms

_VALUE_MAX = 500
NAMES: Mapping[AccountKind, frozenset[str]] = {
    AccountKind.SMS: frozenset({"format", "sign_name", "sdk_app_id", "region", "stop_words"}),
    AccountKind.EMAIL: frozenset(
        {"smtp_host", "smtp_port", "smtp_security", "from_address", "from_name", "reply_to", "bounce_address"}
        | {"pop_host", "pop_port", "pop_security", "pop_user"}
    ),
    AccountKind.ADS: frozenset({"audience_id", "hash", "region"}),
}
_ADDRESS = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,190}")
_ADDRESSES = ("from_address", "reply_to", "bounce_address")
_CHOICES = {
    "format": frozenset(sms.FORMATS),
    "smtp_security": frozenset({"tls", "starttls", "none"}),
    "pop_security": frozenset({"tls", "none"}),
    "hash": frozenset({"sha256", "md5"}),
}
_PORT_MAX = 65_535


def faults(kind: AccountKind, options: Mapping[str, str], host: str) -> Iterator[tuple[str, str]]:
    """The field and what is wrong with it, in both languages."""
    known = NAMES.get(kind, frozenset())
    for name, value in options.items():
        if name not in known:
            yield f"options.{name}", "没有这个选项 / there is no such option"
        elif len(value) > _VALUE_MAX or not value.isprintable():
            yield f"options.{name}", "太长或含有不可见字符 / too long, or with characters that cannot be seen"
        elif name in _CHOICES and value and value not in _CHOICES[name]:
            yield f"options.{name}", " / ".join(sorted(_CHOICES[name]))
        elif name in _ADDRESSES and value and not _ADDRESS.fullmatch(value):
            yield f"options.{name}", "不是邮箱地址 / not an e-mail address"
    if kind is AccountKind.EMAIL:
        yield from _mail(options)
    if kind in (AccountKind.WEBHOOK, AccountKind.ADS) and not host:
        yield "host", "请填写接收地址 / the address to call is missing"
    if kind is AccountKind.SMS and options.get("format", sms.GENERIC) == sms.GENERIC and not host:
        yield "host", "请填写接收地址 / the address to call is missing"


def _mail(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not _HOST.fullmatch(options.get("smtp_host", "")):
        yield "options.smtp_host", "请填写 SMTP 服务器 / the SMTP server is missing"
    if not options.get("from_address"):
        yield "options.from_address", "请填写发件地址 / the sender's address is missing"
    if options.get("pop_host") and not _HOST.fullmatch(options["pop_host"]):
        yield "options.pop_host", "不是服务器名 / not the name of a server"
    for name in ("smtp_port", "pop_port"):
        port = options.get(name, "")
        if port and (not port.isdigit() or not 0 < int(port) <= _PORT_MAX):
            yield f"options.{name}", "端口应为 1 到 65535 / a port is 1 to 65535"
