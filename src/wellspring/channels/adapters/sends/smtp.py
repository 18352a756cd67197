"""Connections to mail servers: to the checked address, as secret as the account demands, and lent again while they live.

The name is resolved once, every address of it must be public, and the connection goes to the address that was checked.
A connection is only lent again when the last message on it ended with an answer.
"""

import contextlib
import smtplib
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wellspring.channels.adapters.wecom import hosts
from wellspring.channels.contracts import Account
from wellspring.channels.repo import secrets
from wellspring.channels.settings import ANSWER_SECONDS
from wellspring.kernel import outbound
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace

_TLS, _STARTTLS, _NONE = "tls", "starttls", "none"
_PORTS = {_TLS: 465, _STARTTLS: 587, _NONE: 25}
# Servers hang up on idle clients after minutes, and many on those who send too much at once.
_IDLE_SECONDS, _MESSAGES_MAX = 30.0, 50
_OK = 250


class _Idle(NamedTuple):
    server: smtplib.SMTP
    since: float
    messages: int
    # What it was opened with: after a change of the account it is not lent again.
    made_with: tuple[str, ...]


_idle: "weakref.WeakKeyDictionary[Sql, dict[str, list[_Idle]]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


@contextlib.contextmanager
def lent(ws: Workspace, account: Account) -> Iterator[smtplib.SMTP]:
    """A connection that is signed in; whoever loses it closes it. Raises AddressRefused, SMTPException, OSError."""
    taken = _take(ws, account)
    server = taken.server
    is_whole = False
    try:
        yield server
        is_whole = server.sock is not None
    finally:
        if is_whole:
            kept = taken._replace(since=time.monotonic(), messages=taken.messages + 1)
            with _guard:
                _idle.setdefault(ws.sql, {}).setdefault(account.id, []).append(kept)
        else:
            server.close()


def opened(ws: Workspace, account: Account) -> smtplib.SMTP:
    """A fresh connection that is signed in. Raises AddressRefused, SMTPException, OSError."""
    server = _connected(ws, account.options)
    try:
        kept = secrets.of(ws, account.id)
        if kept.secret and server.has_extn("auth"):
            server.login(account.corp_id, kept.secret)
    except BaseException:
        server.close()
        raise
    return server


def ended(server: smtplib.SMTP) -> None:
    """Says goodbye; whatever the server answers to that changes nothing."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def close(ws: Workspace) -> None:
    """Gives a workspace's connections back; the next message opens new ones."""
    with _guard:
        found = [one for kept in _idle.pop(ws.sql, {}).values() for one in kept]
    for one in found:
        ended(one.server)


def _take(ws: Workspace, account: Account) -> _Idle:
    made_with = (account.corp_id, *(f"{name}={value}" for name, value in sorted(account.options.items())))
    while True:
        with _guard:
            kept = _idle.get(ws.sql, {}).get(account.id)
            one = kept.pop() if kept else None
        if one is None:
            return _Idle(opened(ws, account), 0.0, 0, made_with)
        is_young = time.monotonic() - one.since < _IDLE_SECONDS and one.messages < _MESSAGES_MAX
        if is_young and one.made_with == made_with and _is_alive(one.server):
            return one
        ended(one.server)


def _is_alive(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == _OK
    except (smtplib.SMTPException, OSError):
        return False


class _Where(NamedTuple):
    name: str
    address: str
    port: int
    security: str


class _Pinned(smtplib.SMTP):
    """Connects to the checked address, whatever the name would resolve to now."""

    def __init__(self, where: _Where) -> None:
        self._where = where
        super().__init__(where.name, where.port, timeout=ANSWER_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._where.address, port), timeout)
        if self._where.security != _TLS:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _connected(ws: Workspace, options: Mapping[str, str]) -> smtplib.SMTP:
    security = options.get("smtp_security", _STARTTLS)
    name = options.get("smtp_host", "")
    port = int(options.get("smtp_port") or _PORTS.get(security, 587))
    url = f"http://{name}:{port}"
    address = outbound.checked(url, allows_loopback=hosts.may_call_loopback(ws, url))
    server = _Pinned(_Where(name, address, port, security))
    try:
        server.ehlo()
        if security == _STARTTLS:
            # Without it the password would be read by anybody on the way.
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server
