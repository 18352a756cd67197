"""The console's own verbs: change the workspace, ask for a backup or the demo brand, look at the system, open a file.

Everything else on its screens is asked of the domains.
"""

import platform
import zoneinfo
from collections.abc import Mapping
from typing import Any

import pydantic

import wellspring
from wellspring.activity import api as activity
from wellspring.console import contracts, repo
from wellspring.console.contracts import Setting, SettingKind, SettingsOfDomain, SystemState
from wellspring.console.errors import CurrencyFixed, NotEmpty
from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Forbidden, Invalid, NotFound
from wellspring.kernel.files import StoredFile
from wellspring.kernel.jobs import Job
from wellspring.kernel.settings import SettingsGroup, WorkspaceSettings, for_people
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# JSON Schema's words for what a field holds; tests/flows/console holds every group against them.
_KINDS = {
    "integer": SettingKind.WHOLE,
    "number": SettingKind.NUMBER,
    "boolean": SettingKind.SWITCH,
    "string": SettingKind.TEXT,
    "array": SettingKind.TEXTS,
    "object": SettingKind.WHOLE_BY_NAME,
}


def change_workspace(ws: Workspace, *, by: Principal, changes: Mapping[str, Any]) -> WorkspaceSettings:
    """Puts the given settings. Raises Invalid for an unknown time zone, CurrencyFixed once there are amounts."""
    before = ws.settings.get(WorkspaceSettings)
    if changes.get("time_zone", before.time_zone) not in zoneinfo.available_timezones():
        raise Invalid(field="time_zone", reason="not in the tz database")
    if changes.get("currency", before.currency) != before.currency and activity.watermark(ws):
        raise CurrencyFixed(currency=before.currency)
    after = before.model_copy(update=dict(changes))
    with ws.sql.write() as tx:
        ws.settings.put(after)
        changed = {name: [getattr(before, name), value] for name, value in changes.items() if getattr(before, name) != value}
        audit.append(ws.sql, tx, by=by, action="console.workspace_changed", subject=ws.slug, at=ws.clock.now(), detail=changed)
    return after


def settings(ws: Workspace) -> list[SettingsOfDomain]:
    """What people may tune of every domain, by the domain's name."""
    return [_described(ws, group) for group in for_people()]


def change_settings(ws: Workspace, *, by: Principal, group: str, changes: Mapping[str, Any]) -> SettingsOfDomain:
    """Puts the given settings of one domain; null puts the default back. Raises NotFound, Invalid with the field."""
    kind = next((kind for kind in for_people() if kind.group == group), None)
    if kind is None:
        raise NotFound(kind="settings", id=group)
    before = ws.settings.get(kind).model_dump(mode="json")
    wanted = {name: value for name, value in {**before, **changes}.items() if value is not None}
    try:
        after = kind.model_validate(wanted)
    except pydantic.ValidationError as refused:
        first = refused.errors(include_url=False, include_input=False)[0]
        raise Invalid(field=".".join(map(str, first["loc"])), reason=first["msg"]) from refused
    values = after.model_dump(mode="json")
    with ws.sql.write() as tx:
        ws.settings.put(after)
        changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
        audit.append(ws.sql, tx, by=by, action="console.settings_changed", subject=group, at=ws.clock.now(), detail=changed)
    return _described(ws, kind)


def _described(ws: Workspace, group: type[SettingsGroup]) -> SettingsOfDomain:
    present = ws.settings.get(group).model_dump(mode="json")
    standard = group().model_dump(mode="json")
    zh, en = group.title or (group.group, group.group)
    settings = []
    for name, schema in group.model_json_schema()["properties"].items():
        zh_words, _, en_words = schema["description"].partition(" / ")
        kind = _KINDS[schema["type"]]
        bounds = schema.get("minimum"), schema.get("maximum", schema.get("exclusiveMaximum"))
        settings.append(Setting(name, kind, present[name], standard[name], *bounds, zh_words, en_words))
    return SettingsOfDomain(group.group, zh, en, tuple(settings))


def ask_backup(ws: Workspace, *, by: Principal) -> str:
    """Queues a backup; gives the job's id, whose result names the file."""
    return _ask(ws, contracts.BACKUP_JOB, by=by, action="console.backup_asked")


def ask_demo(ws: Workspace, *, by: Principal) -> str:
    """Queues the loading of the demo brand; gives the job's id. Raises NotEmpty."""
    if not is_empty(ws):
        raise NotEmpty
    return _ask(ws, contracts.LOAD_DEMO_JOB, by=by, action="console.demo_asked")


def is_empty(ws: Workspace) -> bool:
    """Whether nothing was ever told to this workspace: no member and no row in the log."""
    return activity.watermark(ws) == 0 and people.last_member_no(ws) == 0


def system(ws: Workspace) -> SystemState:
    """Versions, sizes and queues, read now."""
    tables, watermark = repo.log_tables(ws), activity.watermark(ws)
    with ws.sql.read() as tx:
        return SystemState(
            versions={
                "wellspring": wellspring.__version__,
                "python": platform.python_version(),
                "sql": repo.sql_version(ws, tx),
                "log": repo.log_version(ws),
            },
            stores={"sql": "SQLite" if ws.sql.is_sqlite else "PostgreSQL", "log": type(ws.log).__name__.removesuffix("Log")},
            sizes={"sql": repo.sql_bytes(ws, tx), "log": sum(size for _, size in tables.values()), "files": repo.files_bytes(tx)},
            log_rows={name: count for name, (count, _) in tables.items()},
            watermark=watermark,
            jobs=repo.job_counts(tx),
            undelivered=repo.undelivered(tx),
            put_aside=repo.put_aside_count(tx),
            key_id=ws.keys.active_id,
        )


def job(ws: Workspace, *, by: Principal, job_id: str, permission: str = contracts.Permission.JOB_READ) -> Job:
    """A job that the caller asked for, or any with the permission. Raises NotFound: a stranger's job looks like none."""
    found = jobs.get(ws, job_id)
    if found.created_by != by.id and not by.may(permission):
        raise NotFound
    return found


def cancel_job(ws: Workspace, *, by: Principal, job_id: str) -> Job:
    """Stops a job of the caller's, or any with the permission."""
    job(ws, by=by, job_id=job_id, permission=contracts.Permission.JOB_CANCEL)
    with ws.sql.write() as tx:
        cancelled = jobs.cancel(ws, job_id)
        audit.append(ws.sql, tx, by=by, action="console.job_cancelled", subject=job_id, at=ws.clock.now(), detail={"kind": cancelled.kind})
    return cancelled


def open_file(ws: Workspace, *, by: Principal, file_id: str) -> StoredFile:
    """The file, once the opening is written down. Raises NotFound and Forbidden.

    Whoever sees only a part of the organisation opens only what their own job made: a file has no scope of its own.
    """
    found = ws.files.get(file_id)
    permission = contracts.FILE_PERMISSIONS.get(found.purpose)
    if permission is None:
        raise NotFound
    if not by.may(permission):
        raise Forbidden(permission=permission)
    with ws.sql.write() as tx:
        if not by.scope.is_all and repo.made_by(tx, file_id) != by.id:
            raise NotFound
        audit.append(ws.sql, tx, by=by, action="console.file_opened", subject=file_id, at=ws.clock.now(), detail={"purpose": found.purpose})
    return found


def _ask(ws: Workspace, kind: str, *, by: Principal, action: str) -> str:
    with ws.sql.write() as tx:
        job_id = jobs.enqueue(ws, tx, kind, {}, by=by)
        audit.append(ws.sql, tx, by=by, action=action, subject=job_id, at=ws.clock.now())
    return job_id
