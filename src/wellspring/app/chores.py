"""Jobs that belong to no domain: loading the demo brand, backups, the expiry of files, the audit head in the log output."""

import datetime as dt
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wellspring.activity import api as activity
from wellspring.app import demo, simulator, wiring
from wellspring.kernel import audit, backup, jobs
from wellspring.kernel.clock import iso
from wellspring.kernel.workspace import Installation, Workspace

# A backup is meant to be carried away; one that nobody fetched is not kept for ever.
_BACKUP_DAYS = 14
_BLOCK_BYTES = 1 << 20
_log = logging.getLogger("wellspring.chores")


def register(installation: Installation) -> None:
    """Makes the jobs known."""
    jobs.register("console.load_demo", lambda running: demo.load(installation, running))
    simulator.register(installation)
    jobs.register("kernel.backup", _back_up)
    jobs.register("kernel.expire_files", _expire_files, every=dt.timedelta(hours=1))
    jobs.register("kernel.tell_audit_head", _tell_audit_head, every=dt.timedelta(days=1))


def _back_up(running: jobs.Running) -> dict[str, Any]:
    workspace: Workspace = running.workspace
    name = f"wellspring-{workspace.slug}-{iso(workspace.clock.now())[:10]}.zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        made = backup.create(workspace, path, log_tables=wiring.log_tables(), watermark=activity.watermark)
        running.progress(done=1, total=2, note=name)
        expires_at = workspace.clock.now() + dt.timedelta(days=_BACKUP_DAYS)
        stored = workspace.files.put(_pieces(path), name=name, media_type="application/zip", purpose=backup.PURPOSE, expires_at=expires_at)
    return {"file_id": stored.id, "name": name, "size_bytes": stored.size_bytes, "tables": made.tables, "files": made.files}


def _expire_files(running: jobs.Running) -> dict[str, Any]:
    return {"files": running.workspace.files.delete_expired()}


def _tell_audit_head(running: jobs.Running) -> dict[str, Any]:
    """Puts the chain's head where the database cannot reach it: a cut tail is found by comparing with it."""
    verdict = audit.verify(running.workspace.sql)
    _log.warning(
        "audit head of %s: %s after %d entries, whole: %s", running.workspace.slug, verdict.head, verdict.checked, verdict.is_whole
    )
    return {"head": verdict.head, "checked": verdict.checked, "is_whole": verdict.is_whole}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(_BLOCK_BYTES):
            yield piece
