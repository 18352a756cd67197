"""Long work of people: exports, the other half of an erasure, sealing anew after a key rotation, likely duplicates."""

import datetime as dt
from typing import Any

from wellspring.kernel import jobs
from wellspring.kernel.auth import EVERYTHING, ActorKind, Principal
from wellspring.kernel.jobs import Running
from wellspring.people.service import duplicates, erasing, exporting, resealing

# A rotated key is noticed within a day; where nothing was rotated the job ends at once.
_RESEAL_EVERY = dt.timedelta(days=1)
_DUPLICATES_EVERY = dt.timedelta(days=7)
_WEEKLY = Principal(id="people.duplicates", kind=ActorKind.SYSTEM, name="Wellspring", scope=EVERYTHING)


def register() -> None:
    """Names the handlers."""
    jobs.register(exporting.JOB, _export)
    jobs.register(erasing.JOB, _erase)
    jobs.register(erasing.SWEEP, _erase)
    jobs.register(resealing.JOB, _reseal, every=_RESEAL_EVERY)
    jobs.register(duplicates.JOB, _propose)
    jobs.register(duplicates.WEEKLY, _propose_weekly, every=_DUPLICATES_EVERY)


def _export(running: Running) -> dict[str, Any]:
    return {"file_id": exporting.write(running.workspace, member_id=running.body["member_id"])}


def _erase(running: Running) -> dict[str, Any]:
    receipt = erasing.finish(running.workspace, receipt_id=running.body["receipt_id"], ids=running.body["ids"])
    return {"receipt_id": receipt.id, "removed": dict(receipt.removed)}


def _reseal(running: Running) -> dict[str, Any]:
    return {"sealed": resealing.keep_up(running.workspace, report=lambda done, total: running.progress(done=done, total=total))}


def _propose(running: Running) -> dict[str, Any]:
    body = running.body
    # Their permissions were asked when the job was queued; from here on only who it was matters.
    by = Principal(id=body["by"], kind=ActorKind(body["by_kind"]), name=body["by_name"], scope=EVERYTHING)
    return duplicates.propose(running.workspace, by=by, least=body["least"], report=running.progress)


def _propose_weekly(running: Running) -> dict[str, Any] | None:
    if not duplicates.is_wanted_weekly(running.workspace):
        return None
    return duplicates.propose(running.workspace, by=_WEEKLY, least=None, report=running.progress)
