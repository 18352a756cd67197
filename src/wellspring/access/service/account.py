"""What people change about themselves: name, language, password."""

from wellspring.access import repo, rules
from wellspring.access.contracts import User
from wellspring.access.errors import PasswordMistaken, PasswordWeak
from wellspring.access.events import UserChanged
from wellspring.access.repo import StoredUser
from wellspring.access.service import secrets, signing
from wellspring.access.service.record import record
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import NotFound
from wellspring.kernel.workspace import Workspace


def get(ws: Workspace, *, by: Principal) -> User:
    return _stored(ws, by).user


def rename(ws: Workspace, *, by: Principal, name: str | None, locale: str | None) -> User:
    values = {field: value for field, value in (("name", name), ("locale", locale)) if value is not None}
    if values:
        with ws.sql.write() as tx:
            repo.update_user(tx, by.id, **values)
            record(ws, tx, by=by, subject=by.id, event=UserChanged(by.id, sorted(values)), detail={"fields": sorted(values)})
    return get(ws, by=by)


def set_password(ws: Workspace, *, by: Principal, token: str, old: str | None, new: str) -> None:
    stored = _stored(ws, by)
    found = rules.weakness(new, email=stored.user.email, name=stored.user.name)
    if found is not None:
        raise PasswordWeak(rule_zh=found.zh, rule_en=found.en)
    if not _may_set(ws, stored, token, old):
        raise PasswordMistaken
    password_hash = secrets.hash_password(new)
    with ws.sql.write() as tx:
        repo.update_user(tx, by.id, password_hash=password_hash)
        # Whoever knew the old password, or had a link, is out.
        repo.delete_sessions(tx, by.id, but=secrets.hash_token(token))
        repo.delete_links(tx, by.id)
        record(ws, tx, by=by, subject=by.id, event=UserChanged(by.id, ["password"]))


def _may_set(ws: Workspace, stored: StoredUser, token: str, old: str | None) -> bool:
    if not stored.user.has_password:
        return True
    if old is not None:
        return signing.check_password(ws, stored, old)
    with ws.sql.read() as tx:
        session = repo.session(tx, secrets.hash_token(token))
    # Somebody who forgot the password was let in by a link, and has a while to set a new one.
    return session is not None and session.method == "link" and ws.clock.now() - session.created_at <= rules.LINK_FRESH


def _stored(ws: Workspace, by: Principal) -> StoredUser:
    with ws.sql.read() as tx:
        stored = repo.user(tx, by.id)
    if stored is None:
        raise NotFound
    return stored
