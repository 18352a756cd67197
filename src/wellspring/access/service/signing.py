"""Signing in and out: by password (and second factor), or by a one-time link.

Every attempt is counted before the password is looked at, under the account's name (known or not) and under the
address it came from, so that parallel guesses cannot slip through; a success takes it back. A session is always new:
a token that a browser brought along is never continued.
"""

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable

from wellspring.access import repo, rules
from wellspring.access.contracts import NewSession, User
from wellspring.access.errors import LinkSpent, SignInRefused, TotpRefused, TotpRequired
from wellspring.access.events import SessionEnded, SessionStarted
from wellspring.access.repo import StoredSession, StoredUser
from wellspring.access.service import callers, secrets, totp
from wellspring.access.service.record import record
from wellspring.access.service.users import LASTING
from wellspring.access.settings import AccessSettings
from wellspring.kernel.auth import ActorKind, Principal
from wellspring.kernel.errors import TooMany
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_log = logging.getLogger("wellspring.access")


@dataclasses.dataclass(frozen=True)
class _Attempt:
    account: str
    address: str


def by_password(ws: Workspace, *, email: str, password: str, code: str | None, address: str, lasting: bool) -> NewSession:
    clean = rules.clean_email(email) or ""
    attempt = _attempt(ws, clean, address)
    _count(ws, attempt)
    with ws.sql.read() as tx:
        stored = repo.user_by_email(tx, clean)
    password_fits = secrets.fits(stored.password_hash if stored else None, password)
    if stored is None or not password_fits or stored.user.is_disabled:
        raise SignInRefused
    if stored.totp_sealed is not None and not code:
        _take_back(ws, attempt)
        raise TotpRequired
    with ws.sql.write() as tx:
        if stored.totp_sealed is not None and not totp.spend(ws, tx, stored, code or ""):
            raise TotpRefused
        if secrets.is_outdated(str(stored.password_hash)):
            repo.update_user(tx, stored.user.id, password_hash=secrets.hash_password(password))
        _clear(ws, tx, attempt)
        return _started(ws, tx, stored, method="password", lasting=lasting)


def by_link(ws: Workspace, *, token: str, address: str, lasting: bool) -> NewSession:
    attempt = _attempt(ws, "", address)
    _count(ws, attempt, kinds=("address",))
    with ws.sql.write() as tx:
        user_id = repo.spend_link(tx, secrets.hash_token(token), ws.clock.now())
        stored = repo.user(tx, user_id) if user_id else None
        if stored is None or stored.user.is_disabled:
            raise LinkSpent
        _clear(ws, tx, attempt)
        return _started(ws, tx, stored, method="link", lasting=lasting)


def out(ws: Workspace, token: str) -> None:
    with ws.sql.write() as tx:
        user_id = repo.delete_session(tx, secrets.hash_token(token))
        stored = repo.user(tx, user_id) if user_id else None
        if stored is not None:
            record(ws, tx, by=_as_actor(stored.user), subject=stored.user.id, event=SessionEnded(stored.user.id))


def check_password(ws: Workspace, stored: StoredUser, password: str) -> bool:
    """Whether the signed-in user knows the password, counted like an attempt to sign in."""
    attempt = _attempt(ws, stored.user.email, f"user:{stored.user.id}")
    _count(ws, attempt, kinds=("account",))
    if not secrets.fits(stored.password_hash, password):
        return False
    _take_back(ws, attempt, kinds=("account",))
    return True


def _started(ws: Workspace, tx: Tx, stored: StoredUser, *, method: str, lasting: bool) -> NewSession:
    now = ws.clock.now()
    limits = ws.settings.get(AccessSettings)
    token = secrets.new_token()
    life = LASTING if lasting else dt.timedelta(hours=limits.session_hours)
    idle = LASTING if lasting else dt.timedelta(minutes=limits.session_idle_minutes)
    session = StoredSession(secrets.hash_token(token), stored.user.id, method, now, now, int(idle.total_seconds()), now + life)
    repo.insert_session(tx, session)
    repo.update_user(tx, stored.user.id, last_seen_at=now)
    record(ws, tx, by=_as_actor(stored.user), subject=stored.user.id, event=SessionStarted(stored.user.id, method))
    user = dataclasses.replace(stored.user, last_seen_at=now)
    return NewSession(f"{ws.slug}.{token}", callers.csrf_token(ws, token), user, session.expires_at)


def _as_actor(user: User) -> Principal:
    return Principal(id=user.id, kind=ActorKind.USER, name=user.name)


def _attempt(ws: Workspace, email: str, address: str) -> _Attempt:
    return _Attempt(f"account:{ws.keys.blind('access.attempt', email).hex()}", f"address:{address}"[:80])


def _count(ws: Workspace, attempt: _Attempt, *, kinds: Iterable[str] = ("account", "address")) -> None:
    """Counts a failure in advance. Raises TooMany while a pause runs; such tries do not prolong it."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.attempts")
        states = {kind: repo.attempts(tx, getattr(attempt, kind)) for kind in kinds}
        ends = [until for _, _, until in states.values() if until is not None and until > now]
        if ends:
            raise TooMany(seconds=max(1, -int((now - max(ends)).total_seconds() // 1)))
        for kind, (before, last_at, _) in states.items():
            failures = 1 if now - last_at > rules.FAILURES_KEPT else before + 1
            pause = rules.pause_seconds(failures, free=rules.FREE_FAILURES[kind])
            until = now + dt.timedelta(seconds=pause) if pause else None
            repo.put_attempts(tx, getattr(attempt, kind), failures=failures, at=now, blocked_until=until)
            if pause:
                _log.warning("sign-in to workspace %s pauses %s seconds for one %s", ws.slug, pause, kind)


def _take_back(ws: Workspace, attempt: _Attempt, *, kinds: Iterable[str] = ("account", "address")) -> None:
    """Undoes the count of an attempt that was no failure."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "access.attempts")
        for kind in kinds:
            failures, last_at, _ = repo.attempts(tx, getattr(attempt, kind))
            repo.put_attempts(tx, getattr(attempt, kind), failures=max(failures - 1, 0), at=last_at, blocked_until=None)


def _clear(ws: Workspace, tx: Tx, attempt: _Attempt) -> None:
    """Forgets the account's failures. The address keeps its own: one good account must not wash away guesses at others."""
    ws.sql.lock(tx, "access.attempts")
    repo.delete_attempts(tx, attempt.account)
    failures, last_at, _ = repo.attempts(tx, attempt.address)
    repo.put_attempts(tx, attempt.address, failures=max(failures - 1, 0), at=last_at, blocked_until=None)
