"""Console users: invite, change, disable, and one-time links that let them in.

Nobody can give or govern more than they hold: permissions, units, and other people who have more are out of reach.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from wellspring.access import repo, rules
from wellspring.access.contracts import OWNER, NewLink, Role, User
from wellspring.access.errors import EmailTaken, GrantBeyondOwn, LastOwner, UnitsMissing, UserUnknown
from wellspring.access.events import LinkMade, UserChanged, UserInvited
from wellspring.access.service import roles
from wellspring.access.service.record import record
from wellspring.access.service.secrets import hash_token, new_token
from wellspring.access.settings import AccessSettings
from wellspring.kernel.auth import EVERYTHING, SYSTEM, Principal
from wellspring.kernel.errors import Invalid, TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Everyone of them is listed and checked as a whole; members of staff without the console are not users.
USERS_MAX = 5_000
# In lab mode years pass in seconds; what would expire does not.
LASTING = dt.timedelta(days=36_500)


def listing(ws: Workspace, *, by: Principal) -> list[User]:
    with ws.sql.read() as tx:
        return repo.users(tx, by.scope)


def get(ws: Workspace, user_id: str, *, by: Principal) -> User:
    with ws.sql.read() as tx:
        return _within(tx, by, user_id)


def invite(
    ws: Workspace,
    *,
    by: Principal,
    email: str,
    name: str,
    role_ids: Iterable[str],
    unit_ids: Iterable[str],
    staff_id: str | None,
    locale: str,
) -> User:
    clean = rules.clean_email(email)
    if clean is None:
        raise Invalid(field="email", reason="not an e-mail address")
    units = tuple(sorted(set(unit_ids)))
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.users")
        granted = roles.of_ids(tx, role_ids)
        _demand_grantable(by, granted, units)
        if repo.user_by_email(tx, clean) is not None:
            raise EmailTaken
        if len(repo.users(tx, EVERYTHING)) >= USERS_MAX:
            raise TooLarge(limit=USERS_MAX)
        values = {"id": new_id("usr"), "email": clean, "name": name, "locale": locale, "staff_id": staff_id, "created_at": ws.clock.now()}
        repo.insert_user(tx, {**values, "role_ids": [role.id for role in granted], "unit_ids": list(units), "totp_step": 0})
        user = _within(tx, SYSTEM, str(values["id"]))
        detail = {"roles": list(user.role_ids), "units": list(units)}
        record(ws, tx, by=by, subject=user.id, event=UserInvited(user.id), detail=detail)
    return user


def change(
    ws: Workspace,
    user_id: str,
    *,
    by: Principal,
    name: str | None,
    role_ids: Iterable[str] | None,
    unit_ids: Iterable[str] | None,
    is_disabled: bool | None,
) -> User:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.users")
        before = _within(tx, by, user_id)
        _demand_grantable(by, roles.of_ids(tx, before.role_ids), before.unit_ids)
        values: dict[str, Any] = {} if name is None else {"name": name}
        if role_ids is not None or unit_ids is not None:
            granted = roles.of_ids(tx, before.role_ids if role_ids is None else role_ids)
            units = before.unit_ids if unit_ids is None else tuple(sorted(set(unit_ids)))
            _demand_grantable(by, granted, units)
            values |= {"role_ids": [role.id for role in granted], "unit_ids": list(units)}
        if is_disabled is not None and is_disabled != before.is_disabled:
            values["disabled_at"] = ws.clock.now() if is_disabled else None
        if values:
            _saved(ws, tx, by, before, values)
        return _within(tx, SYSTEM, user_id)


def make_link(ws: Workspace, user_id: str, *, by: Principal, lasting: bool) -> NewLink:
    now = ws.clock.now()
    token = new_token()
    with ws.sql.write() as tx:
        user = _within(tx, by, user_id)
        _demand_grantable(by, roles.of_ids(tx, user.role_ids), user.unit_ids)
        hours = ws.settings.get(AccessSettings).link_hours
        expires_at = now + (LASTING if lasting else dt.timedelta(hours=hours))
        # The newest link alone works: an older one may lie in somebody else's mailbox.
        repo.delete_links(tx, user_id)
        values = {"token_hash": hash_token(token), "user_id": user_id, "created_by": by.id, "created_at": now, "expires_at": expires_at}
        repo.insert_link(tx, values)
        record(ws, tx, by=by, subject=user_id, event=LinkMade(user_id))
    return NewLink("/sign-in?" + urlencode({"workspace": ws.slug, "token": token}), expires_at)


def _saved(ws: Workspace, tx: Tx, by: Principal, before: User, values: dict[str, Any]) -> None:
    repo.update_user(tx, before.id, **values)
    was_owner = OWNER in before.role_ids and not before.is_disabled
    if was_owner and not repo.active_holders(tx, OWNER):
        raise LastOwner
    if values.get("disabled_at") is not None:
        repo.delete_sessions(tx, before.id)
        repo.delete_links(tx, before.id)
    detail = {"fields": sorted(values), "roles": values.get("role_ids"), "units": values.get("unit_ids")}
    record(ws, tx, by=by, subject=before.id, event=UserChanged(before.id, sorted(values)), detail=detail)


def _within(tx: Tx, by: Principal, user_id: str) -> User:
    found = repo.user(tx, user_id)
    if found is None or not repo.is_within(by.scope, found.user):
        raise UserUnknown
    return found.user


def _demand_grantable(by: Principal, granted: list[Role], unit_ids: tuple[str, ...]) -> None:
    if not granted:
        raise Invalid(field="roles", reason="at least one role")
    if not rules.may_grant(by, frozenset().union(*(role.permissions for role in granted)), unit_ids):
        raise GrantBeyondOwn
    bound = next((role for role in granted if role.needs_units), None)
    if bound is not None and not unit_ids:
        raise UnitsMissing(role_zh=bound.zh, role_en=bound.en)
