"""The workspace's settings, the state of its stores, and its backup.

Settings of a domain are that domain's own, and described by it: this module shows them and takes their changes.
"""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.console import service
from wellspring.console.contracts import Permission, SettingKind
from wellspring.console.http.first_run import JobAskedOut
from wellspring.kernel.clock import iso
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.web import Call, In, Out, allow, installation_of
from wellspring.kernel.workspace import Workspace

SettingValue = bool | int | float | str | list[str] | dict[str, int]

router = fastapi.APIRouter(prefix="/api/workspace", tags=["console"])


class WorkspaceOut(Out):
    """What every screen may need of the workspace."""

    slug: str
    name: str
    time_zone: str
    currency: str
    locale: str
    is_demo: bool
    lab: bool


class WorkspaceIn(In):
    """The settings to change; what is left out stays."""

    name: Annotated[str | None, pydantic.Field(min_length=1, max_length=60)] = None
    time_zone: Annotated[str | None, pydantic.Field(max_length=64)] = None
    currency: Annotated[str | None, pydantic.Field(pattern="^[A-Z]{3}$")] = None
    locale: Literal["zh-CN", "en"] | None = None


class SettingOut(Out):
    """One setting: its value, its default, its bounds, and what it is for."""

    name: str
    kind: SettingKind
    value: SettingValue
    default: SettingValue
    least: float | None
    most: float | None
    zh: str
    en: str


class SettingsOut(Out):
    """The settings of one domain."""

    group: str
    zh: str
    en: str
    settings: list[SettingOut]


class SettingsIn(In):
    """Settings to change, by name."""

    changes: Annotated[dict[str, SettingValue | None], pydantic.Field(min_length=1, max_length=50)]


class SystemOut(Out):
    """Versions, sizes in bytes, rows of the log's tables, queue lengths."""

    now: str
    lab: bool
    production: bool
    versions: dict[str, str]
    stores: dict[str, str]
    sizes: dict[str, int]
    log_rows: dict[str, int]
    watermark: int
    jobs: dict[str, int]
    undelivered: dict[str, int]
    put_aside: int
    key_id: str


@router.get("")
def read_workspace(call: Annotated[Call, allow(Permission.WORKSPACE_READ)], request: fastapi.Request) -> WorkspaceOut:
    """The workspace's settings."""
    return _shaped(call.ws, call.ws.settings.get(WorkspaceSettings), request)


@router.put("")
def change_workspace(call: Annotated[Call, allow(Permission.WORKSPACE_WRITE)], request: fastapi.Request, body: WorkspaceIn) -> WorkspaceOut:
    """Changes what is given; the currency only while there are no amounts."""
    changed = service.change_workspace(call.ws, by=call.by, changes=body.model_dump(exclude_none=True))
    return _shaped(call.ws, changed, request)


@router.get("/settings")
def read_settings(call: Annotated[Call, allow(Permission.WORKSPACE_READ)]) -> list[SettingsOut]:
    """What may be tuned of every domain: values, defaults, bounds and words."""
    return [SettingsOut.model_validate(group) for group in service.settings(call.ws)]


@router.put("/settings/{group}")
def change_settings(call: Annotated[Call, allow(Permission.WORKSPACE_WRITE)], group: str, body: SettingsIn) -> SettingsOut:
    """Changes the given settings of one domain; null puts the default back."""
    return SettingsOut.model_validate(service.change_settings(call.ws, by=call.by, group=group, changes=body.changes))


@router.get("/system")
def read_system(call: Annotated[Call, allow(Permission.WORKSPACE_READ)], request: fastapi.Request) -> SystemOut:
    """The state of the installation as it is now."""
    boot = installation_of(request).boot
    state = service.system(call.ws)
    return SystemOut(
        now=iso(call.ws.clock.now()),
        lab=boot.lab,
        production=boot.production,
        versions=dict(state.versions),
        stores=dict(state.stores),
        sizes=dict(state.sizes),
        log_rows=dict(state.log_rows),
        watermark=state.watermark,
        jobs=dict(state.jobs),
        undelivered=dict(state.undelivered),
        put_aside=state.put_aside,
        key_id=state.key_id,
    )


@router.post("/backup", status_code=202)
def back_up(call: Annotated[Call, allow(Permission.BACKUP_WRITE)]) -> JobAskedOut:
    """Takes a backup while everything goes on; the job's result names the file."""
    return JobAskedOut(job_id=service.ask_backup(call.ws, by=call.by))


def _shaped(ws: Workspace, settings: WorkspaceSettings, request: fastapi.Request) -> WorkspaceOut:
    return WorkspaceOut(
        slug=ws.slug,
        name=settings.name,
        time_zone=settings.time_zone,
        currency=settings.currency,
        locale=settings.locale,
        is_demo=settings.is_demo,
        lab=installation_of(request).boot.lab,
    )
