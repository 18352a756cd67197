"""What crosses the front door of acquisition: permissions here, and one module per part (codes, cards)."""

import enum


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    CODE_READ = "acquisition:code:read"
    CODE_WRITE = "acquisition:code:write"
    REPORT_READ = "acquisition:report:read"
    LOSS_READ = "acquisition:loss:read"
    LOSS_WRITE = "acquisition:loss:write"
    CARD_READ = "acquisition:card:read"
    CARD_WRITE = "acquisition:card:write"
    ITEM_READ = "acquisition:item_code:read"
    ITEM_WRITE = "acquisition:item_code:write"
    ITEM_EXPORT = "acquisition:item_code:export"
    DRAW_WRITE = "acquisition:draw:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.CODE_READ: ("查看活码、欢迎语与其统计", "See codes, welcomes and their figures"),
    Permission.CODE_WRITE: ("新建和修改活码与欢迎语", "Make and change codes and welcomes"),
    Permission.REPORT_READ: ("查看员工拉新日报", "See the staff's daily acquisition report"),
    Permission.LOSS_READ: ("查看流失提醒", "See who was lost"),
    Permission.LOSS_WRITE: ("处理流失提醒", "Mark lost contacts as dealt with"),
    Permission.CARD_READ: ("查看包裹卡等印刷设计与其统计", "See printed designs, their batches and figures"),
    Permission.CARD_WRITE: ("新建和修改印刷设计与投放批次", "Make and change printed designs and batches"),
    Permission.ITEM_READ: ("查看一物一码批次、抽奖与其统计", "See item codes, draws and their figures"),
    Permission.ITEM_WRITE: ("新建、修改、作废一物一码批次，绑定码", "Make, change and void batches of item codes, bind codes"),
    Permission.ITEM_EXPORT: ("导出一物一码码表", "Export lists of item codes"),
    Permission.DRAW_WRITE: ("编辑、公示、结束抽奖，发放奖品", "Draft, publish and end draws, hand prizes over"),
}
