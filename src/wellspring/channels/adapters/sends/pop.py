"""The mailbox that bounces and replies come back to (POP3): each mail is taken, then deleted there; one that cannot be taken stays."""

import contextlib
import poplib
import socket
import ssl
from collections.abc import Callable

from wellspring.channels.adapters.wecom import hosts
from wellspring.channels.contracts import Account
from wellspring.channels.repo import secrets
from wellspring.channels.rules.mails import BYTES_MAX
from wellspring.channels.settings import ANSWER_SECONDS
from wellspring.kernel import outbound
from wellspring.kernel.workspace import Workspace

# What one look takes: the next one comes in minutes.
_MAILS_MAX = 500
_TLS_PORT, _PLAIN_PORT = 995, 110


def fetch(ws: Workspace, account: Account, take: Callable[[bytes], object]) -> int:
    """Hands every mail over and deletes it there; gives how many. Raises AddressRefused, poplib.error_proto, OSError."""
    box = _opened(ws, account)
    count = 0
    try:
        for line in box.list()[1][:_MAILS_MAX]:
            number, size = (int(part) for part in line.split()[:2])
            if size <= BYTES_MAX:
                # Kept first: should we die here, the same mail comes again, and counts once.
                take(b"\r\n".join(box.retr(number)[1]) + b"\r\n")
                count += 1
            box.dele(number)
    finally:
        # Only a goodbye makes the deletions count.
        with contextlib.suppress(poplib.error_proto, OSError):
            box.quit()
    return count


class _Pinned(poplib.POP3):
    """Connects to the checked address, whatever the name would resolve to now."""

    def __init__(self, name: str, address: str, port: int, *, is_secret: bool) -> None:
        self._address, self._is_secret = address, is_secret
        super().__init__(name, port, timeout=ANSWER_SECONDS)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._is_secret else plain


def _opened(ws: Workspace, account: Account) -> poplib.POP3:
    options = account.options
    is_secret = options.get("pop_security", "tls") == "tls"
    name, port = options["pop_host"], int(options.get("pop_port") or (_TLS_PORT if is_secret else _PLAIN_PORT))
    url = f"http://{name}:{port}"
    address = outbound.checked(url, allows_loopback=hosts.may_call_loopback(ws, url))
    box = _Pinned(name, address, port, is_secret=is_secret)
    kept = secrets.of(ws, account.id)
    try:
        box.user(options.get("pop_user") or options.get("bounce_address") or account.corp_id)
        box.pass_(kept.extra.get("pop_password") or kept.secret_or_raise(account.name))
    except BaseException:
        box.close()
        raise
    return box
