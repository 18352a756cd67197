"""What crosses the front door of acquisition: permissions here, and one module per part (codes, cards)."""

import enum


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    CODE_READ = "acquisition:code:read"
    CODE_WRITE = "acquisition:code:write"
    REPORT_READ = "acquisition:report:read"
    LOSS_READ = "acquisition:loss:read"
    LOSS_WRITE = "acquisition:loss:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.CODE_READ: ("查看活码、欢迎语与其统计", "See codes, welcomes and their figures"),
    Permission.CODE_WRITE: ("新建和修改活码与欢迎语", "Make and change codes and welcomes"),
    Permission.REPORT_READ: ("查看员工拉新日报", "See the staff's daily acquisition report"),
    Permission.LOSS_READ: ("查看流失提醒", "See who was lost"),
    Permission.LOSS_WRITE: ("处理流失提醒", "Mark lost contacts as dealt with"),
}
