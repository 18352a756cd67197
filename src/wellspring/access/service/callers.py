"""Who a credential belongs to, answered from memory for a few seconds at a time.

A look-up is remembered per process under the hash of the token and forgotten at once when anything in access changes
here; another process notices after REMEMBER_SECONDS at the latest. Expiry is checked at every call. Uses are written
down once a minute at most; those of write keys wait in memory, because ingestion must not wait for the writer.
"""

import contextlib
import dataclasses
import datetime as dt
import time
from collections.abc import Callable

from wellspring.access import repo, rules
from wellspring.access.contracts import Caller, Key, KeyKind, User
from wellspring.access.service import roles
from wellspring.access.service.memory import Known, memory_of
from wellspring.access.service.secrets import hash_token
from wellspring.kernel.auth import EVERYTHING, ActorKind, Principal, Scope, known_permissions
from wellspring.kernel.errors import StoreUnavailable, Unauthenticated
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Makes a scope out of the units that were granted: the app passes organization's whole subtrees.
Expander = Callable[[Workspace, frozenset[str]], frozenset[str]]
REMEMBER_SECONDS = 5.0
_TOUCH = dt.timedelta(seconds=60)


def of_session(ws: Workspace, token: str, *, expand: Expander) -> Caller:
    """The user of a session token. Raises Unauthenticated."""
    return _caller(ws, token, expand, kind=None)


def of_key(ws: Workspace, secret: str, *, kind: KeyKind, expand: Expander) -> Caller:
    """The program of a key of this kind. Raises Unauthenticated."""
    return _caller(ws, secret, expand, kind=kind)


def write_uses(ws: Workspace, tx: Tx) -> None:
    """Writes down when write keys were last used, as far as this process knows."""
    uses = memory_of(ws).uses
    for key_id in list(uses):
        repo.update_key(tx, key_id, last_used_at=uses.pop(key_id))


def csrf_token(ws: Workspace, token: str) -> str:
    """The token that a session's changing requests must carry."""
    return ws.keys.sign(f"csrf:{hash_token(token)}")


def _caller(ws: Workspace, token: str, expand: Expander, *, kind: KeyKind | None) -> Caller:
    now = ws.clock.now()
    digest = hash_token(token)
    known = _remembered(ws, digest) or _looked_up(ws, token, digest, now, kind)
    if known is None or known.kind is not kind or _is_over(known, now):
        raise Unauthenticated
    if kind is KeyKind.WRITE:
        memory_of(ws).uses[known.principal.id] = now
    elif now - known.used_at >= _TOUCH:
        _touch(ws, digest, known, now)
    # Units are expanded at every call: they may move while the credential stays the same.
    scope = Scope(expand(ws, known.unit_ids)) if known.unit_ids else EVERYTHING
    return Caller(dataclasses.replace(known.principal, scope=scope), known.csrf_token, known.locale)


def _is_over(known: Known, now: dt.datetime) -> bool:
    return (known.ends_at is not None and now >= known.ends_at) or (known.idle is not None and now - known.used_at >= known.idle)


def _remembered(ws: Workspace, digest: str) -> Known | None:
    known = memory_of(ws).known.get(digest)
    return known if known is not None and time.monotonic() < known.reread_at else None


def _looked_up(ws: Workspace, token: str, digest: str, now: dt.datetime, kind: KeyKind | None) -> Known | None:
    memory = memory_of(ws)
    generation = memory.generation
    with ws.sql.read() as tx:
        known = _session(ws, tx, token, digest) if kind is None else _key(tx, digest, now)
    if known is None:
        return None
    if not ws.sql.is_writing:
        memory.keep(digest, known, generation)
    return known


def _session(ws: Workspace, tx: Tx, token: str, digest: str) -> Known | None:
    session = repo.session(tx, digest)
    stored = repo.user(tx, session.user_id) if session else None
    if session is None or stored is None or stored.user.is_disabled:
        return None
    return Known(
        principal=user_principal(tx, stored.user),
        unit_ids=frozenset(stored.user.unit_ids),
        ends_at=session.expires_at,
        idle=dt.timedelta(seconds=session.idle_seconds),
        used_at=session.seen_at,
        reread_at=time.monotonic() + REMEMBER_SECONDS,
        csrf_token=csrf_token(ws, token),
        locale=stored.user.locale,
    )


def _key(tx: Tx, digest: str, now: dt.datetime) -> Known | None:
    found = repo.key_by_secret(tx, digest)
    if found is None or found[0].disabled_at is not None:
        return None
    key, is_present = found
    ends = [moment for moment in (key.expires_at, None if is_present else key.overlap_until) if moment is not None]
    return Known(
        principal=key_principal(key),
        unit_ids=frozenset(key.unit_ids),
        ends_at=min(ends, default=None),
        idle=None,
        used_at=key.last_used_at or now - _TOUCH,
        reread_at=time.monotonic() + REMEMBER_SECONDS,
        kind=key.kind,
    )


def user_principal(tx: Tx, user: User) -> Principal:
    """A user as an actor, without the scope."""
    permissions = roles.permissions_of(tx, user.role_ids)
    return Principal(id=user.id, kind=ActorKind.USER, name=user.name, permissions=permissions, staff_id=user.staff_id)


def key_principal(key: Key) -> Principal:
    """A key as an actor, without the scope. A write key may do nothing but write."""
    granted = rules.expand(key.permissions, known_permissions()) if key.kind is KeyKind.API else frozenset()
    return Principal(id=key.id, kind=ActorKind.KEY, name=key.name, permissions=granted)


def _touch(ws: Workspace, digest: str, known: Known, now: dt.datetime) -> None:
    known.used_at = now
    # A full disk must not keep people from reading.
    with contextlib.suppress(StoreUnavailable), ws.sql.write() as tx:
        if known.kind is None:
            repo.touch_session(tx, digest, known.principal.id, now)
        else:
            repo.update_key(tx, known.principal.id, last_used_at=now)
        write_uses(ws, tx)
