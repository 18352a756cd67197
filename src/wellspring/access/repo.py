"""All SQL of access. Rows go in and out as contracts; secrets are looked up by their hashes and never leave.

Data scopes: a restricted actor sees the users and keys that are tied to units of its own, and only those.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from wellspring.access.contracts import Key, KeyKind, User
from wellspring.access.models import attempt_table, key_table, link_table, role_table, session_table, user_table
from wellspring.kernel.auth import Scope
from wellspring.kernel.stores import Tx


@dataclasses.dataclass(frozen=True)
class StoredUser:
    """A user with what only this domain may see."""

    user: User
    password_hash: str | None
    totp_sealed: bytes | None
    totp_pending: bytes | None
    totp_step: int


@dataclasses.dataclass(frozen=True)
class StoredRole:
    """A role with its patterns as they were written."""

    id: str
    zh: str
    en: str
    grants: tuple[str, ...]
    is_builtin: bool
    needs_units: bool


@dataclasses.dataclass(frozen=True)
class StoredSession:
    """A session as it stands in its row."""

    token_hash: str
    user_id: str
    method: str
    created_at: dt.datetime
    seen_at: dt.datetime
    idle_seconds: int
    expires_at: dt.datetime


# ---------------------------------------------------------------------------------------------- users


def user(tx: Tx, user_id: str) -> StoredUser | None:
    row = tx.execute(sa.select(user_table).where(user_table.c.id == user_id)).first()
    return None if row is None else _stored_user(row)


def user_by_email(tx: Tx, email: str) -> StoredUser | None:
    row = tx.execute(sa.select(user_table).where(user_table.c.email == email)).first()
    return None if row is None else _stored_user(row)


def users(tx: Tx, scope: Scope) -> list[User]:
    """Everyone whom the scope may see, in order of invitation. A brand has hundreds of console users, not millions."""
    rows = tx.execute(sa.select(user_table).order_by(user_table.c.id))
    return [found for row in rows if _is_within(scope, (found := _stored_user(row).user).unit_ids)]


def is_within(scope: Scope, found: User | Key) -> bool:
    """Whether the scope may see this user or key."""
    return _is_within(scope, found.unit_ids)


def insert_user(tx: Tx, values: Mapping[str, Any]) -> None:
    tx.execute(sa.insert(user_table).values(**values))


def update_user(tx: Tx, user_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    tx.execute(sa.update(user_table).where(user_table.c.id == user_id).values(**values))


def spend_totp_step(tx: Tx, user_id: str, step: int) -> bool:
    """Marks a step of the second factor as used; False when it, or a later one, was used before."""
    columns = user_table.c
    return tx.execute(sa.update(user_table).where(columns.id == user_id, columns.totp_step < step).values(totp_step=step)).rowcount == 1


def active_holders(tx: Tx, role_id: str) -> list[str]:
    """The users, not disabled, who hold the role."""
    rows = tx.execute(sa.select(user_table.c.id, user_table.c.role_ids).where(user_table.c.disabled_at.is_(None)))
    return [row.id for row in rows if role_id in row.role_ids]


def holders_count(tx: Tx, role_id: str) -> int:
    return sum(role_id in held for held in tx.execute(sa.select(user_table.c.role_ids)).scalars())


# ------------------------------------------------------------------------------------------- sessions


def insert_session(tx: Tx, session: StoredSession) -> None:
    tx.execute(sa.insert(session_table).values(**dataclasses.asdict(session)))


def session(tx: Tx, token_hash: str) -> StoredSession | None:
    row = tx.execute(sa.select(session_table).where(session_table.c.token_hash == token_hash)).first()
    return None if row is None else StoredSession(**row._mapping)  # noqa: SLF001 - the documented way


def delete_session(tx: Tx, token_hash: str) -> str | None:
    """Ends a session; gives its user, None when there was none."""
    found = session(tx, token_hash)
    tx.execute(sa.delete(session_table).where(session_table.c.token_hash == token_hash))
    return found.user_id if found else None


def delete_sessions(tx: Tx, user_id: str, *, but: str | None = None) -> None:
    columns = session_table.c
    gone = sa.delete(session_table).where(columns.user_id == user_id)
    tx.execute(gone if but is None else gone.where(columns.token_hash != but))


def touch_session(tx: Tx, token_hash: str, user_id: str, at: dt.datetime) -> None:
    tx.execute(sa.update(session_table).where(session_table.c.token_hash == token_hash).values(seen_at=at))
    update_user(tx, user_id, last_seen_at=at)


# ---------------------------------------------------------------------------------------------- roles


def roles(tx: Tx) -> list[StoredRole]:
    rows = tx.execute(sa.select(role_table).order_by(role_table.c.position, role_table.c.id))
    return [StoredRole(row.id, row.zh, row.en, tuple(row.grants), row.is_builtin, row.needs_units) for row in rows]


def put_role(tx: Tx, role: StoredRole, *, position: int) -> None:
    """Makes the role or replaces it."""
    values = {**dataclasses.asdict(role), "grants": list(role.grants)}
    if not tx.execute(sa.update(role_table).where(role_table.c.id == role.id).values(**values)).rowcount:
        tx.execute(sa.insert(role_table).values(**values, position=position))


def delete_role(tx: Tx, role_id: str) -> None:
    tx.execute(sa.delete(role_table).where(role_table.c.id == role_id))


# ----------------------------------------------------------------------------------------------- keys


def key(tx: Tx, key_id: str) -> Key | None:
    row = tx.execute(sa.select(key_table).where(key_table.c.id == key_id)).first()
    return None if row is None else _key(row)


def key_by_secret(tx: Tx, secret_hash: str) -> tuple[Key, bool] | None:
    """The key of a secret's hash, and whether it is the present secret (False: the previous one)."""
    columns = key_table.c
    wanted = sa.or_(columns.secret_hash == secret_hash, columns.previous_hash == secret_hash)
    row = tx.execute(sa.select(key_table).where(wanted)).first()
    return None if row is None else (_key(row), row.secret_hash == secret_hash)


def keys(tx: Tx, scope: Scope) -> list[Key]:
    rows = tx.execute(sa.select(key_table).order_by(key_table.c.id.desc()))
    return [found for row in rows if _is_within(scope, (found := _key(row)).unit_ids)]


def actor_names(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """What users and keys are called."""
    found: dict[str, str] = {}
    for table in (user_table, key_table):
        found.update((id, name) for id, name in tx.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids))))
    return found


def insert_key(tx: Tx, made: Key, *, secret_hash: str) -> None:
    values = {**dataclasses.asdict(made), "permissions": list(made.permissions), "unit_ids": list(made.unit_ids)}
    tx.execute(sa.insert(key_table).values(**values, secret_hash=secret_hash))


def update_key(tx: Tx, key_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    tx.execute(sa.update(key_table).where(key_table.c.id == key_id).values(**values))


def rotate_key(tx: Tx, key_id: str, *, secret_hash: str, hint: str, overlap_until: dt.datetime) -> None:
    """Puts a new secret in front; the one before it is kept until the overlap ends, an older one ends now."""
    changed = {"previous_hash": key_table.c.secret_hash, "secret_hash": secret_hash, "hint": hint, "overlap_until": overlap_until}
    tx.execute(sa.update(key_table).where(key_table.c.id == key_id).values(changed))


# ---------------------------------------------------------------------------------------------- links


def insert_link(tx: Tx, values: Mapping[str, Any]) -> None:
    tx.execute(sa.insert(link_table).values(**values))


def spend_link(tx: Tx, token_hash: str, at: dt.datetime) -> str | None:
    """Uses a link up; gives its user, None when it is unknown, expired or used: two at once cannot both win."""
    columns = link_table.c
    is_good = sa.and_(columns.token_hash == token_hash, columns.used_at.is_(None), columns.expires_at > at)
    if tx.execute(sa.update(link_table).where(is_good).values(used_at=at)).rowcount != 1:
        return None
    user_id: str = tx.execute(sa.select(columns.user_id).where(columns.token_hash == token_hash)).scalar_one()
    return user_id


def delete_links(tx: Tx, user_id: str) -> None:
    """Ends every unused link of a user."""
    tx.execute(sa.delete(link_table).where(link_table.c.user_id == user_id, link_table.c.used_at.is_(None)))


# ------------------------------------------------------------------------------------------- attempts


def attempts(tx: Tx, subject: str) -> tuple[int, dt.datetime, dt.datetime | None]:
    """Failures so far, when the last one was, and until when the subject is blocked."""
    columns = attempt_table.c
    row = tx.execute(sa.select(columns.failures, columns.last_at, columns.blocked_until).where(columns.subject == subject)).first()
    return (0, dt.datetime.min.replace(tzinfo=dt.UTC), None) if row is None else (row.failures, row.last_at, row.blocked_until)


def put_attempts(tx: Tx, subject: str, *, failures: int, at: dt.datetime, blocked_until: dt.datetime | None) -> None:
    values = {"failures": failures, "last_at": at, "blocked_until": blocked_until}
    if not tx.execute(sa.update(attempt_table).where(attempt_table.c.subject == subject).values(**values)).rowcount:
        tx.execute(sa.insert(attempt_table).values(subject=subject, **values))


def delete_attempts(tx: Tx, subject: str) -> None:
    tx.execute(sa.delete(attempt_table).where(attempt_table.c.subject == subject))


def delete_stale(tx: Tx, *, now: dt.datetime, attempts_before: dt.datetime) -> int:
    """Removes ended sessions and links and forgotten attempts; gives the number of rows."""
    gone = (
        sa.delete(session_table).where(session_table.c.expires_at < now),
        sa.delete(link_table).where(link_table.c.expires_at < now),
        sa.delete(attempt_table).where(attempt_table.c.last_at < attempts_before),
    )
    return sum(tx.execute(statement).rowcount for statement in gone)


# --------------------------------------------------------------------------------------------- pieces


def _is_within(scope: Scope, unit_ids: tuple[str, ...]) -> bool:
    return scope.unit_ids is None or (bool(unit_ids) and scope.unit_ids.issuperset(unit_ids))


def _stored_user(row: sa.Row[Any]) -> StoredUser:
    user = User(
        id=row.id,
        email=row.email,
        name=row.name,
        locale=row.locale,
        role_ids=tuple(row.role_ids),
        unit_ids=tuple(row.unit_ids),
        staff_id=row.staff_id,
        is_disabled=row.disabled_at is not None,
        has_password=row.password_hash is not None,
        has_totp=row.totp_sealed is not None,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
    )
    return StoredUser(user, row.password_hash, row.totp_sealed, row.totp_pending, row.totp_step)


def _key(row: sa.Row[Any]) -> Key:
    plain = {field.name: row._mapping[field.name] for field in dataclasses.fields(Key)}  # noqa: SLF001 - the documented way
    return Key(**{**plain, "kind": KeyKind(row.kind), "permissions": tuple(row.permissions), "unit_ids": tuple(row.unit_ids)})
