"""Long work of people: a person's export, the other half of an erasure, sealing anew after a key rotation."""

import datetime as dt
from typing import Any

from wellspring.kernel import jobs
from wellspring.kernel.jobs import Running
from wellspring.people.service import erasing, exporting, resealing

# A rotated key is noticed within a day; where nothing was rotated the job ends at once.
_RESEAL_EVERY = dt.timedelta(days=1)


def register() -> None:
    """Names the handlers."""
    jobs.register(exporting.JOB, _export)
    jobs.register(erasing.JOB, _erase)
    jobs.register(erasing.SWEEP, _erase)
    jobs.register(resealing.JOB, _reseal, every=_RESEAL_EVERY)


def _export(running: Running) -> dict[str, Any]:
    return {"file_id": exporting.write(running.workspace, member_id=running.body["member_id"])}


def _erase(running: Running) -> dict[str, Any]:
    receipt = erasing.finish(running.workspace, receipt_id=running.body["receipt_id"], ids=running.body["ids"])
    return {"receipt_id": receipt.id, "removed": dict(receipt.removed)}


def _reseal(running: Running) -> dict[str, Any]:
    return {"sealed": resealing.keep_up(running.workspace, report=lambda done, total: running.progress(done=done, total=total))}
