"""The optional second factor: time-based codes of RFC 6238, each of which works once.

The secret is sealed in its row. A code of the step before or after the present one is taken (clocks of phones drift),
but never a step at or before the last one that was used.
"""

import hmac

import pyotp

from wellspring.access import repo
from wellspring.access.contracts import NewTotp
from wellspring.access.errors import TotpMistaken
from wellspring.access.events import UserChanged
from wellspring.access.repo import StoredUser
from wellspring.access.service.record import record
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import NotFound
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_STEP_SECONDS = 30
_DRIFT_STEPS = 1
_CONTEXT = "access.totp"


def begin(ws: Workspace, *, by: Principal) -> NewTotp:
    secret = pyotp.random_base32()
    with ws.sql.write() as tx:
        stored = _stored(tx, by)
        repo.update_user(tx, by.id, totp_pending=ws.keys.seal(secret, context=_CONTEXT))
    return NewTotp(secret, pyotp.TOTP(secret).provisioning_uri(name=stored.user.email, issuer_name="Wellspring"))


def confirm(ws: Workspace, code: str, *, by: Principal) -> None:
    with ws.sql.write() as tx:
        stored = _stored(tx, by)
        step = None if stored.totp_pending is None else _step_of(ws, stored.totp_pending, code)
        if step is None:
            raise TotpMistaken
        # The code that confirmed it is used up with it.
        repo.update_user(tx, by.id, totp_sealed=stored.totp_pending, totp_pending=None, totp_step=step)
        record(ws, tx, by=by, subject=by.id, event=UserChanged(by.id, ["totp"]), detail={"totp": True})


def end(ws: Workspace, *, by: Principal) -> None:
    with ws.sql.write() as tx:
        _stored(tx, by)
        repo.update_user(tx, by.id, totp_sealed=None, totp_pending=None)
        record(ws, tx, by=by, subject=by.id, event=UserChanged(by.id, ["totp"]), detail={"totp": False})


def spend(ws: Workspace, tx: Tx, stored: StoredUser, code: str) -> bool:
    """Uses a code up; False when it is wrong, or of a step that was used before."""
    step = None if stored.totp_sealed is None else _step_of(ws, stored.totp_sealed, code)
    return step is not None and repo.spend_totp_step(tx, stored.user.id, step)


def _step_of(ws: Workspace, sealed: bytes, code: str) -> int | None:
    generator = pyotp.TOTP(ws.keys.open(sealed, context=_CONTEXT))
    present = int(ws.clock.now().timestamp()) // _STEP_SECONDS
    steps = range(present - _DRIFT_STEPS, present + _DRIFT_STEPS + 1)
    return next((step for step in steps if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode())), None)


def _stored(tx: Tx, by: Principal) -> StoredUser:
    stored = repo.user(tx, by.id)
    if stored is None:
        raise NotFound
    return stored
