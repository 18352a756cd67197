"""An account's secrets: one sealed JSON text per account, opened only for a call or a callback."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from wellspring.channels.errors import AccountUnknown, SecretMissing
from wellspring.channels.models import account_table
from wellspring.kernel.workspace import Workspace

_CONTEXT = "channels.secrets"


@dataclasses.dataclass(frozen=True)
class Secrets:
    """What nobody outside this domain sees."""

    secret: str = ""
    callback_token: str = ""
    callback_key: str = ""
    extra: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def secret_or_raise(self, name: str) -> str:
        """The secret. Raises SecretMissing."""
        if not self.secret:
            raise SecretMissing(name=name)
        return self.secret


def sealed(ws: Workspace, secrets: Secrets) -> bytes:
    """The bytes to keep."""
    return ws.keys.seal(orjson.dumps(dataclasses.asdict(secrets)).decode(), context=_CONTEXT)


def opened(ws: Workspace, kept: bytes) -> Secrets:
    """The secrets of kept bytes."""
    fields: dict[str, Any] = orjson.loads(ws.keys.open(kept, context=_CONTEXT))
    return Secrets(**fields)


def of(ws: Workspace, account_id: str) -> Secrets:
    """An account's secrets. Raises AccountUnknown."""
    with ws.sql.read() as tx:
        kept = tx.execute(sa.select(account_table.c.secrets).where(account_table.c.id == account_id)).scalar()
    if kept is None:
        raise AccountUnknown
    return opened(ws, kept)
