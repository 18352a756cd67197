"""The front door of access: who is calling, and the verbs on users, roles, keys and one's own account.

`expand` turns granted units into whole subtrees; the composition root passes it in, because access knows no tree.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from wellspring.access import repo, rules
from wellspring.access.contracts import OWNER, Caller, Key, KeyKind, NewKey, NewLink, NewSession, NewTotp, Role, User
from wellspring.access.errors import UserUnknown
from wellspring.access.service import account, callers, keys, roles, signing, totp, users
from wellspring.kernel.auth import EVERYTHING, SYSTEM, Principal
from wellspring.kernel.workspace import Workspace

# ------------------------------------------------------------------------------------------- callers


def authenticate_session(ws: Workspace, token: str, *, expand: callers.Expander) -> Caller:
    """The user of a session token, from memory where it was seen a moment ago. Raises Unauthenticated."""
    return callers.of_session(ws, token, expand=expand)


def authenticate_key(ws: Workspace, secret: str, *, kind: KeyKind, expand: callers.Expander) -> Caller:
    """The program of a key of this kind. Raises Unauthenticated; never waits for the writer with a write key."""
    return callers.of_key(ws, secret, kind=kind, expand=expand)


def parse_key(secret: str) -> tuple[KeyKind, str] | None:
    """The kind and the workspace that a key's text names, without looking whether there is such a key."""
    return keys.parse(secret)


def csrf_token(ws: Workspace, token: str) -> str:
    """The token that changing requests of this session must carry; derived, so there is nothing to keep."""
    return callers.csrf_token(ws, token)


# ------------------------------------------------------------------------------------ signing in and out


def sign_in(ws: Workspace, *, email: str, password: str, code: str | None = None, address: str = "", lasting: bool = False) -> NewSession:
    """Starts a session. Raises SignInRefused, TotpRequired, TotpRefused, or TooMany while a pause runs.

    `address` is where the request came from; `lasting` sessions do not expire (lab mode, where years pass in seconds).
    """
    return signing.by_password(ws, email=email, password=password, code=code, address=address, lasting=lasting)


def sign_in_by_link(ws: Workspace, *, token: str, address: str = "", lasting: bool = False) -> NewSession:
    """Uses a one-time link up and starts a session. Raises LinkSpent, or TooMany while a pause runs."""
    return signing.by_link(ws, token=token, address=address, lasting=lasting)


def sign_out(ws: Workspace, token: str) -> None:
    """Ends the session in the name of its user; one that has ended already is fine."""
    signing.out(ws, token)


# ----------------------------------------------------------------------------------------- own account


def own_user(ws: Workspace, *, by: Principal) -> User:
    """The user that the actor is. Raises NotFound for keys."""
    return account.get(ws, by=by)


def rename(ws: Workspace, *, by: Principal, name: str | None = None, locale: str | None = None) -> User:
    """Changes one's own name and language."""
    return account.rename(ws, by=by, name=name, locale=locale)


def set_password(ws: Workspace, *, by: Principal, token: str, new: str, old: str | None = None) -> None:
    """Sets one's own password and ends every other session. Raises PasswordWeak, PasswordMistaken.

    The old one is needed unless there is none, or the session was started by a link a short while ago.
    """
    account.set_password(ws, by=by, token=token, old=old, new=new)


def begin_totp(ws: Workspace, *, by: Principal) -> NewTotp:
    """A fresh secret for an authenticator; the second factor is on once a code confirms it."""
    return totp.begin(ws, by=by)


def confirm_totp(ws: Workspace, code: str, *, by: Principal) -> None:
    """Turns the second factor on. Raises TotpMistaken."""
    totp.confirm(ws, code, by=by)


def end_totp(ws: Workspace, *, by: Principal) -> None:
    """Turns the second factor off."""
    totp.end(ws, by=by)


# --------------------------------------------------------------------------------------------- users


def list_users(ws: Workspace, *, by: Principal) -> list[User]:
    """The users within the actor's scope, in order of invitation."""
    return users.listing(ws, by=by)


def actor_names(ws: Workspace, ids: Collection[str]) -> dict[str, str]:
    """What the actors of a history are called; unknown ids and the system itself are left out."""
    with ws.sql.read() as tx:
        return repo.actor_names(tx, ids)


def get_user(ws: Workspace, user_id: str, *, by: Principal) -> User:
    """One user. Raises NotFound, also outside the actor's scope."""
    return users.get(ws, user_id, by=by)


def invite_user(
    ws: Workspace,
    *,
    by: Principal,
    email: str,
    name: str,
    role_ids: Iterable[str],
    unit_ids: Iterable[str] = (),
    staff_id: str | None = None,
    locale: str = "zh-CN",
) -> User:
    """Makes a user without a password; a link lets them in. Raises EmailTaken, GrantBeyondOwn, UnitsMissing, Invalid."""
    return users.invite(ws, by=by, email=email, name=name, role_ids=role_ids, unit_ids=unit_ids, staff_id=staff_id, locale=locale)


def change_user(
    ws: Workspace,
    user_id: str,
    *,
    by: Principal,
    name: str | None = None,
    role_ids: Iterable[str] | None = None,
    unit_ids: Iterable[str] | None = None,
    is_disabled: bool | None = None,
) -> User:
    """Changes what is given; disabling ends the sessions at once. Raises NotFound, GrantBeyondOwn, LastOwner, UnitsMissing."""
    return users.change(ws, user_id, by=by, name=name, role_ids=role_ids, unit_ids=unit_ids, is_disabled=is_disabled)


def make_link(ws: Workspace, user_id: str, *, by: Principal, lasting: bool = False) -> NewLink:
    """A one-time sign-in link; earlier ones of the user end. Raises NotFound, GrantBeyondOwn."""
    return users.make_link(ws, user_id, by=by, lasting=lasting)


def user_by_email(ws: Workspace, *, email: str) -> User:
    """The user with this e-mail. Raises UserUnknown."""
    with ws.sql.read() as tx:
        stored = repo.user_by_email(tx, rules.clean_email(email) or "")
    if stored is None:
        raise UserUnknown
    return stored.user


def has_password(ws: Workspace) -> bool:
    """Whether any active user can sign in with a password; as long as nobody can, a start prints a one-time link."""
    with ws.sql.read() as tx:
        return any(user.has_password and not user.is_disabled for user in repo.users(tx, EVERYTHING))


def ensure_owner(ws: Workspace, *, email: str = "owner@example.com", name: str = "Owner") -> User:
    """The first active owner; made, together with the built-in roles, where there is none."""
    roles.seed(ws)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.users")
        holders = repo.active_holders(tx, OWNER)
        if holders:
            return users.get(ws, holders[0], by=SYSTEM)
        return users.invite(ws, by=SYSTEM, email=email, name=name, role_ids=[OWNER], unit_ids=(), staff_id=None, locale="zh-CN")


# --------------------------------------------------------------------------------------------- roles


def seed(ws: Workspace) -> None:
    """Makes the built-in roles or brings them up to this version; may be called at every start."""
    roles.seed(ws)


def list_roles(ws: Workspace) -> list[Role]:
    """Every role, the built-in ones first."""
    return roles.listing(ws)


def make_role(ws: Workspace, *, by: Principal, zh: str, en: str, permissions: Iterable[str]) -> Role:
    """Makes an own role. Raises GrantBeyondOwn, Invalid for an unknown permission."""
    return roles.make(ws, by=by, zh=zh, en=en, permissions=permissions)


def change_role(ws: Workspace, role_id: str, *, by: Principal, zh: str, en: str, permissions: Iterable[str]) -> Role:
    """Replaces an own role; its holders have the new permissions at once. Raises RoleFixed, GrantBeyondOwn, NotFound."""
    return roles.change(ws, role_id, by=by, zh=zh, en=en, permissions=permissions)


def drop_role(ws: Workspace, role_id: str, *, by: Principal) -> None:
    """Removes an own role that nobody holds. Raises RoleHeld, RoleFixed, GrantBeyondOwn, NotFound."""
    roles.drop(ws, role_id, by=by)


# ---------------------------------------------------------------------------------------------- keys


def list_keys(ws: Workspace, *, by: Principal) -> list[Key]:
    """The keys within the actor's scope, newest first; disabled ones stay in the list."""
    return keys.listing(ws, by=by)


def make_key(
    ws: Workspace,
    *,
    by: Principal,
    name: str,
    kind: KeyKind,
    permissions: Iterable[str] = (),
    unit_ids: Iterable[str] = (),
    expires_at: dt.datetime | None = None,
) -> NewKey:
    """Makes a key and gives its secret, once. Raises GrantBeyondOwn, Invalid."""
    return keys.make(ws, by=by, name=name, kind=kind, permissions=permissions, unit_ids=unit_ids, expires_at=expires_at)


def rotate_key(ws: Workspace, key_id: str, *, by: Principal, overlap: dt.timedelta) -> NewKey:
    """A new secret; the present one works until the overlap ends. Raises NotFound, KeyEnded, GrantBeyondOwn."""
    return keys.rotate(ws, key_id, by=by, overlap=overlap)


def disable_key(ws: Workspace, key_id: str, *, by: Principal) -> None:
    """Ends a key with all its secrets, at once and for good. Raises NotFound, GrantBeyondOwn."""
    keys.disable(ws, key_id, by=by)


def clear(ws: Workspace) -> int:
    """Removes ended sessions, links and forgotten attempts; gives the number of rows."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        callers.write_uses(ws, tx)
        return repo.delete_stale(tx, now=now, attempts_before=now - rules.FAILURES_KEPT)
