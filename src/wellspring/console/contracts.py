"""The console's permissions, the jobs it asks for, and which permission opens which file.

It declares no facts of its own.
"""

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any

# The composition root registers the handlers: they need every domain, or start another program.
LOAD_DEMO_JOB = "console.load_demo"
BACKUP_JOB = "kernel.backup"


class Permission(enum.StrEnum):
    """What may be done with the workspace as a whole."""

    WORKSPACE_READ = "console:workspace:read"
    WORKSPACE_WRITE = "console:workspace:write"
    BACKUP_WRITE = "console:backup:write"
    JOB_READ = "console:job:read"
    JOB_CANCEL = "console:job:cancel"
    DEMO_WRITE = "console:demo:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.WORKSPACE_READ: ("查看工作区设置与系统状态", "See the workspace's settings and the state of the system"),
    Permission.WORKSPACE_WRITE: ("修改工作区设置", "Change the workspace's settings"),
    Permission.BACKUP_WRITE: ("备份工作区并下载备份", "Back the workspace up and download backups"),
    Permission.JOB_READ: ("查看后台任务", "See background jobs"),
    Permission.JOB_CANCEL: ("取消后台任务", "Cancel background jobs"),
    Permission.DEMO_WRITE: ("载入演示品牌", "Load the demo brand"),
}

# A file opens to whoever may do what made it; a purpose that is not here opens to nobody. The names belong to domains
# below; tests/flows/console holds them against the permissions that exist.
FILE_PERMISSIONS: dict[str, str] = {
    "backup": "console:backup:write",
    "import_source": "imports:run:read",
    "import_rejects": "imports:run:read",
    "member_export": "people:member:export",
    "audience_export": "audiences:audience:export",
    "audience_export_plain": "people:pii:read",
}


class SettingKind(enum.StrEnum):
    """What a setting holds, so that a form can ask for it."""

    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    TEXT = "text"
    TEXTS = "texts"
    WHOLE_BY_NAME = "whole_by_name"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting of a domain: its present value, what it would be, its bounds, and what it is for."""

    name: str
    kind: SettingKind
    value: Any
    default: Any
    least: float | None
    most: float | None
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class SettingsOfDomain:
    """The settings of one domain that people may change."""

    group: str
    zh: str
    en: str
    settings: tuple[Setting, ...]


@dataclasses.dataclass(frozen=True)
class SystemState:
    """What an operator of the installation asks first when something is slow or full."""

    versions: Mapping[str, str]
    stores: Mapping[str, str]
    sizes: Mapping[str, int]
    log_rows: Mapping[str, int]
    watermark: int
    jobs: Mapping[str, int]
    undelivered: Mapping[str, int]
    put_aside: int
    key_id: str
