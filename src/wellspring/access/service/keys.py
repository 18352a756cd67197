"""Keys of programs: `wsk_{workspace}_{secret}` calls the API, `wwk_{workspace}_{secret}` only writes events.

The secret is shown once and kept as a hash. Rotation puts a new secret beside the present one for some hours, so that
programs can be changed over one by one.
"""

import datetime as dt
import re
from collections.abc import Iterable

from wellspring.access import repo, rules
from wellspring.access.contracts import Key, KeyKind, NewKey
from wellspring.access.errors import GrantBeyondOwn, KeyEnded
from wellspring.access.events import KeyChanged
from wellspring.access.service import callers
from wellspring.access.service.record import record
from wellspring.access.service.secrets import hash_token, new_token
from wellspring.kernel.auth import EVERYTHING, Principal, known_permissions
from wellspring.kernel.errors import Invalid, NotFound, TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# One per connected program; a brand with more has a leak.
KEYS_MAX = 1_000
_PREFIXES = {KeyKind.API: "wsk", KeyKind.WRITE: "wwk"}
_SECRET = re.compile(r"^(wsk|wwk)_([a-z][a-z0-9]{1,30})_([0-9a-f]{48})$")
_HINT_LENGTH = 6


def parse(secret: str) -> tuple[KeyKind, str] | None:
    """The kind and the workspace that a secret names; None when it is none of ours."""
    matched = _SECRET.match(secret)
    return None if matched is None else (KeyKind.API if matched[1] == "wsk" else KeyKind.WRITE, matched[2])


def listing(ws: Workspace, *, by: Principal) -> list[Key]:
    with ws.sql.write() as tx:
        callers.write_uses(ws, tx)
        return repo.keys(tx, by.scope)


def make(
    ws: Workspace,
    *,
    by: Principal,
    name: str,
    kind: KeyKind,
    permissions: Iterable[str],
    unit_ids: Iterable[str],
    expires_at: dt.datetime | None,
) -> NewKey:
    now = ws.clock.now()
    granted = tuple(sorted(set(permissions))) if kind is KeyKind.API else ()
    units = tuple(sorted(set(unit_ids)))
    if not set(granted) <= known_permissions().keys():
        raise Invalid(field="permissions", reason="unknown permission")
    if expires_at is not None and expires_at <= now:
        raise Invalid(field="expires_at", reason="must lie ahead")
    secret, hint = _new_secret(ws, kind)
    with ws.sql.write() as tx:
        if not rules.may_grant(by, granted, units):
            raise GrantBeyondOwn
        if len(repo.keys(tx, EVERYTHING)) >= KEYS_MAX:
            raise TooLarge(limit=KEYS_MAX)
        key = Key(new_id("key"), name, kind, granted, units, hint, by.id, now, expires_at, None, None, None)
        repo.insert_key(tx, key, secret_hash=hash_token(secret))
        _recorded(ws, tx, by, key, "made")
    return NewKey(key, secret)


def rotate(ws: Workspace, key_id: str, *, by: Principal, overlap: dt.timedelta) -> NewKey:
    with ws.sql.write() as tx:
        before = _governed(tx, by, key_id)
        if before.disabled_at is not None:
            raise KeyEnded
        secret, hint = _new_secret(ws, before.kind)
        repo.rotate_key(tx, key_id, secret_hash=hash_token(secret), hint=hint, overlap_until=ws.clock.now() + overlap)
        key = _governed(tx, by, key_id)
        _recorded(ws, tx, by, key, "rotated")
    return NewKey(key, secret)


def disable(ws: Workspace, key_id: str, *, by: Principal) -> None:
    with ws.sql.write() as tx:
        key = _governed(tx, by, key_id)
        if key.disabled_at is None:
            repo.update_key(tx, key_id, disabled_at=ws.clock.now())
            _recorded(ws, tx, by, key, "disabled")


def _governed(tx: Tx, by: Principal, key_id: str) -> Key:
    key = repo.key(tx, key_id)
    if key is None or not repo.is_within(by.scope, key):
        raise NotFound
    # A new secret of a stronger key would be a way to its permissions.
    if not rules.may_grant(by, key.permissions, key.unit_ids):
        raise GrantBeyondOwn
    return key


def _new_secret(ws: Workspace, kind: KeyKind) -> tuple[str, str]:
    start, token = f"{_PREFIXES[kind]}_{ws.slug}_", new_token()
    return start + token, start + token[:_HINT_LENGTH]


def _recorded(ws: Workspace, tx: Tx, by: Principal, key: Key, change: str) -> None:
    detail = {"change": change, "kind": str(key.kind), "permissions": list(key.permissions), "units": list(key.unit_ids)}
    record(ws, tx, by=by, subject=key.id, event=KeyChanged(key.id, change), detail=detail)
