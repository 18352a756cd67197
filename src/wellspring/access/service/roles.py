"""Roles as rows: the ones that come with Wellspring are patterns over the known permissions, own ones are plain lists."""

from collections.abc import Iterable

from wellspring.access import repo, rules
from wellspring.access.contracts import Role
from wellspring.access.errors import GrantBeyondOwn, RoleFixed, RoleHeld
from wellspring.access.events import RoleChanged
from wellspring.access.repo import StoredRole
from wellspring.access.service.record import record
from wellspring.kernel.auth import Principal, known_permissions
from wellspring.kernel.errors import Invalid, NotFound, TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# A list that a person chooses from; nobody has needed fifty.
ROLES_MAX = 100
_OWN_POSITION = 100


def seed(ws: Workspace) -> None:
    """Makes the built-in roles, or brings them up to this version; own roles are not touched."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.roles")
        known = {role.id: role for role in repo.roles(tx)}
        for position, (role_id, (zh, en, grants, needs_units)) in enumerate(rules.BUILTIN_ROLES.items()):
            wanted = StoredRole(role_id, zh, en, grants, is_builtin=True, needs_units=needs_units)
            if known.get(role_id) != wanted:
                repo.put_role(tx, wanted, position=position)


def listing(ws: Workspace) -> list[Role]:
    with ws.sql.read() as tx:
        return [_role(stored) for stored in repo.roles(tx)]


def of_ids(tx: Tx, role_ids: Iterable[str]) -> list[Role]:
    """The roles of these ids. Raises Invalid for an unknown one."""
    known = {stored.id: stored for stored in repo.roles(tx)}
    wanted = list(dict.fromkeys(role_ids))
    if not known.keys() >= set(wanted):
        raise Invalid(field="roles", reason="unknown role")
    return [_role(known[role_id]) for role_id in wanted]


def permissions_of(tx: Tx, role_ids: Iterable[str]) -> frozenset[str]:
    """Everything that these roles grant; a role that is gone grants nothing."""
    wanted = set(role_ids)
    return frozenset().union(*(_role(stored).permissions for stored in repo.roles(tx) if stored.id in wanted))


def make(ws: Workspace, *, by: Principal, zh: str, en: str, permissions: Iterable[str]) -> Role:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.roles")
        if len(repo.roles(tx)) >= ROLES_MAX:
            raise TooLarge(limit=ROLES_MAX)
        role = StoredRole(new_id("rol"), zh, en, _grantable(by, permissions), is_builtin=False, needs_units=False)
        repo.put_role(tx, role, position=_OWN_POSITION)
        _recorded(ws, tx, by, role, "made")
    return _role(role)


def change(ws: Workspace, role_id: str, *, by: Principal, zh: str, en: str, permissions: Iterable[str]) -> Role:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.roles")
        before = _own(tx, by, role_id)
        role = StoredRole(before.id, zh, en, _grantable(by, permissions), is_builtin=False, needs_units=before.needs_units)
        repo.put_role(tx, role, position=_OWN_POSITION)
        _recorded(ws, tx, by, role, "changed")
    return _role(role)


def drop(ws: Workspace, role_id: str, *, by: Principal) -> None:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.users")
        role = _own(tx, by, role_id)
        count = repo.holders_count(tx, role_id)
        if count:
            raise RoleHeld(count=count)
        repo.delete_role(tx, role_id)
        _recorded(ws, tx, by, role, "dropped")


def _own(tx: Tx, by: Principal, role_id: str) -> StoredRole:
    found = next((role for role in repo.roles(tx) if role.id == role_id), None)
    if found is None:
        raise NotFound
    if found.is_builtin:
        raise RoleFixed
    # Otherwise somebody could take away what others hold and they themselves do not.
    if not all(by.may(permission) for permission in _role(found).permissions):
        raise GrantBeyondOwn
    return found


def _grantable(by: Principal, permissions: Iterable[str]) -> tuple[str, ...]:
    wanted = sorted(set(permissions))
    if not set(wanted) <= known_permissions().keys():
        raise Invalid(field="permissions", reason="unknown permission")
    # A role reaches whoever holds it, anywhere: only somebody without a restriction may shape one.
    if not rules.may_grant(by, wanted, ()):
        raise GrantBeyondOwn
    return tuple(wanted)


def _role(stored: StoredRole) -> Role:
    permissions = rules.expand(stored.grants, known_permissions())
    return Role(stored.id, stored.zh, stored.en, permissions, is_builtin=stored.is_builtin, needs_units=stored.needs_units)


def _recorded(ws: Workspace, tx: Tx, by: Principal, role: StoredRole, change: str) -> None:
    record(ws, tx, by=by, subject=role.id, event=RoleChanged(role.id, change), detail={"change": change, "permissions": list(role.grants)})
