"""One account's client as a function, for those who make many kinds of calls of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import Account
from wellspring.kernel.workspace import Workspace


class Ask(Protocol):
    """A call of one account: the answer's fields. `safe` calls may be repeated by the client."""

    def __call__(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        safe: bool,
        query: Mapping[str, Any] | None = None,
        files: client.Files | None = None,
    ) -> dict[str, Any]:
        """Raises ChannelFailed and its kin, AccountPaused, SecretMissing, AddressRefused."""
        ...


def asking(ws: Workspace, account: Account) -> Ask:
    """The account's client."""

    def ask(
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        safe: bool,
        query: Mapping[str, Any] | None = None,
        files: client.Files | None = None,
    ) -> dict[str, Any]:
        return client.call(ws, account, path, body=body, query=query, files=files, is_repeatable=safe)

    return ask


def pages(ask: Ask, path: str, body: Mapping[str, Any], *, cursor: str = "") -> Iterator[dict[str, Any]]:
    """Every page of a listing that goes on by a cursor; an empty one is its end."""
    while True:
        page = ask(path, {**body, "cursor": cursor} if cursor else body, safe=True)
        yield page
        cursor = str(page.get("next_cursor") or "")
        if not cursor:
            return
