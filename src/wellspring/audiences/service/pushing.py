"""Telling other systems who entered and left: signed JSON, per webhook in order of versions, each accepted once.

A webhook has its own place among the versions. One job at a time holds it, sends what follows that place, and moves it
with every acceptance; a refusal ends the job and queues another after a pause. A crash between an acceptance and its
record sends that part again, under the same delivery id.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any

import httpx
import orjson
from pyroaring import BitMap

from wellspring.audiences import errors, repo
from wellspring.audiences.contracts import Version, Webhook
from wellspring.audiences.service import browsing
from wellspring.kernel import audit, failpoints, jobs, outbound
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import VirtualClock, iso
from wellspring.kernel.ids import new_id
from wellspring.kernel.jobs import Running
from wellspring.kernel.outbound import AddressRefused
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

JOB = "audiences.push"
SWEEP_JOB = "audiences.push_sweep"
SIGNATURE, DELIVERY = "Wellspring-Signature", "Wellspring-Delivery"
WEBHOOKS_MAX = 10
# Members told in one request: 100 bytes each.
PART_MEMBERS = 5_000
_CONTEXT = "audiences.webhook"
# Longer than one request can take, so that a holder that lives is never robbed between two of them.
_HELD = dt.timedelta(minutes=2)
_PAUSE_FIRST, _PAUSE_MAX = dt.timedelta(seconds=30), dt.timedelta(hours=6)
_ACCEPTED = range(200, 300)


def listing(ws: Workspace, *, audience_id: str) -> list[Webhook]:
    """An audience's webhooks. Raises AudienceUnknown."""
    with ws.sql.read() as tx:
        browsing.known_one(tx, audience_id)
        return repo.webhooks(tx, audience_id)


def add(ws: Workspace, *, by: Principal, audience_id: str, url: str) -> tuple[Webhook, str]:
    """Makes a webhook that is told of every version from now on; gives it with its secret, which is shown this once.

    Raises AudienceUnknown, ScopeTooNarrow, AddressRefused, WebhooksTooMany.
    """
    if not by.scope.is_all:
        raise errors.ScopeTooNarrow
    with ws.sql.read() as tx:
        browsing.known_one(tx, audience_id)
    outbound.checked(url, allows_loopback=_is_lab(ws))
    secret, webhook_id, now = secrets.token_hex(32), new_id("whk"), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        audience = browsing.known_one(tx, audience_id)
        if len(repo.webhooks(tx, audience_id)) >= WEBHOOKS_MAX:
            raise errors.WebhooksTooMany(limit=WEBHOOKS_MAX)
        row = {
            "id": webhook_id,
            "audience_id": audience_id,
            "url": url,
            "version": audience.version,
            "created_at": now,
            "created_by": by.id,
        }
        sealed = ws.keys.seal(secret, context=f"{_CONTEXT}:{webhook_id}")
        repo.insert_webhook(tx, {**row, "secret": sealed, "part": 0, "is_queued": False, "attempts": 0, "problem": ""})
        detail = {"audience": audience_id, "host": httpx.URL(url).host}
        audit.append(ws.sql, tx, by=by, action="audiences.webhook_add", subject=webhook_id, at=now, detail=detail)
        made = _known(tx, audience_id, webhook_id)
    return made, secret


def remove(ws: Workspace, *, by: Principal, audience_id: str, webhook_id: str) -> None:
    """Removes a webhook. Raises AudienceUnknown, WebhookUnknown."""
    with ws.sql.write() as tx:
        browsing.known_one(tx, audience_id)
        _known(tx, audience_id, webhook_id)
        repo.delete_webhook(tx, webhook_id)
        detail = {"audience": audience_id}
        audit.append(ws.sql, tx, by=by, action="audiences.webhook_remove", subject=webhook_id, at=ws.clock.now(), detail=detail)


def queue(ws: Workspace, tx: Tx, audience_id: str | None = None) -> int:
    """Queues a job for every webhook that lags; without an audience also for those whose job got lost. Gives how many."""
    is_lost = audience_id is None and not jobs.is_queued(tx, JOB, by=ws.clock.now() + _PAUSE_MAX)
    lagging = repo.lagging_webhooks(tx, audience_id, whatever=is_lost)
    for webhook in lagging:
        repo.change_webhook(tx, webhook.id, {"is_queued": True})
        jobs.enqueue(ws, tx, JOB, {"webhook_id": webhook.id}, by=SYSTEM)
    return len(lagging)


def run(running: Running) -> dict[str, Any]:
    """The job: tells one webhook of all that follows its place; gives how many requests were accepted, and what went wrong."""
    ws, webhook_id = running.workspace, str(running.body["webhook_id"])
    accepted = 0
    while (held := _hold(ws, webhook_id, running.id)) is not None:
        webhook, secret, due = held
        if due is None:
            break
        problem = _tell(ws, webhook, secret, due)
        if problem:
            _failed(ws, webhook, problem)
            return {"accepted": accepted, "problem": problem}
        accepted += 1
        failpoints.hit("audiences.push.accepted")
        _passed(ws, webhook, due)
        running.progress(done=accepted)
    return {"accepted": accepted}


_Due = tuple[Version, BitMap, BitMap]


def _hold(ws: Workspace, webhook_id: str, job_id: str) -> tuple[Webhook, str, _Due | None] | None:
    """The webhook with the version that is due, held by this job; let go of where nothing is due. None: gone, or another's."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        if not repo.hold_webhook(tx, webhook_id, by=job_id, now=now, until=now + _HELD):
            return None
        found = repo.webhook(tx, webhook_id)
        if found is None:
            return None
        webhook, sealed = found
        due = repo.versions_after(tx, webhook.audience_id, webhook.version, limit=1)
        if not due:
            # Looked and let go in one transaction: whoever adds a version afterwards finds the webhook free.
            repo.change_webhook(tx, webhook_id, {"held_by": None, "held_until": None})
    return webhook, ws.keys.open(sealed, context=f"{_CONTEXT}:{webhook_id}"), due[0] if due else None


def _tell(ws: Workspace, webhook: Webhook, secret: str, due: _Due) -> str:
    """Sends the part that is due; gives what went wrong, empty when it was accepted."""
    body, delivery = _body(ws, webhook, due)
    sent_at = int(ws.clock.now().timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Wellspring",
        SIGNATURE: signature(secret, body, sent_at=sent_at),
        DELIVERY: delivery,
    }
    try:
        status = outbound.post(webhook.url, body, headers, allows_loopback=_is_lab(ws))
    except AddressRefused as refused:
        return refused.code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as failure:
        return type(failure).__name__
    return "" if status in _ACCEPTED else f"HTTP {status}"


def signature(secret: str, body: bytes, *, sent_at: int) -> str:
    """`t=…,v1=…`: HMAC-SHA256 over the second it was sent at, a full stop, and the body."""
    digest = hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent_at},v1={digest}"


def _body(ws: Workspace, webhook: Webhook, due: _Due) -> tuple[bytes, str]:
    version, entered, left = due
    numbers = [*((number, True) for number in entered), *((number, False) for number in left)]
    part = numbers[webhook.part * PART_MEMBERS : (webhook.part + 1) * PART_MEMBERS]
    known = people.members_of(ws, by=SYSTEM, member_nos=[number for number, _ in part])
    told: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for number, has_entered in part:
        member = known.get(number)
        # Of somebody who was erased meanwhile nothing but the number is left to tell.
        told[has_entered].append({"member_no": number, "id": member.id if member else None, "user_id": member.user_id if member else None})
    delivery = f"{webhook.id}.{version.version}.{webhook.part}"
    body = {
        "type": "audiences.changed",
        "workspace": ws.slug,
        "delivery": delivery,
        "audience_id": webhook.audience_id,
        "version": version.version,
        "cause": version.cause.value,
        "at": iso(version.at),
        "members": version.members,
        "part": webhook.part + 1,
        "parts": _parts(due),
        "entered": told[True],
        "left": told[False],
    }
    return orjson.dumps(body), delivery


def _parts(due: _Due) -> int:
    return max(1, -(-(len(due[1]) + len(due[2])) // PART_MEMBERS))


def _passed(ws: Workspace, webhook: Webhook, due: _Due) -> None:
    is_last = webhook.part + 1 >= _parts(due)
    place = {"version": due[0].version, "part": 0} if is_last else {"part": webhook.part + 1}
    with ws.sql.write() as tx:
        values = {**place, "attempts": 0, "failed_since": None, "problem": "", "delivered_at": ws.clock.now()}
        repo.change_webhook(tx, webhook.id, values)


def _failed(ws: Workspace, webhook: Webhook, problem: str) -> None:
    """Lets go, and comes back after a pause that grows fourfold up to six hours."""
    now = ws.clock.now()
    pause = min(_PAUSE_FIRST * 4 ** min(webhook.attempts, 10), _PAUSE_MAX)
    with ws.sql.write() as tx:
        values = {"attempts": webhook.attempts + 1, "failed_since": webhook.failed_since or now, "problem": problem[:200]}
        repo.change_webhook(tx, webhook.id, {**values, "held_by": None, "held_until": None, "is_queued": True})
        jobs.enqueue(ws, tx, JOB, {"webhook_id": webhook.id}, by=SYSTEM, run_at=now + pause)


def _known(tx: Tx, audience_id: str, webhook_id: str) -> Webhook:
    found = repo.webhook(tx, webhook_id)
    if found is None or found[0].audience_id != audience_id:
        raise errors.WebhookUnknown
    return found[0]


def _is_lab(ws: Workspace) -> bool:
    """In lab mode, which has a clock of its own, receivers may stand on this machine."""
    return isinstance(ws.clock, VirtualClock)
