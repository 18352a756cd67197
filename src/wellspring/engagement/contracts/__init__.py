"""What crosses the front door of engagement: permissions here, and one module per part (touches, campaigns, journeys, proof)."""

import enum


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    TOUCH_READ = "engagement:touch:read"
    TOUCH_WRITE = "engagement:touch:write"
    TOUCH_EXPORT = "engagement:touch:export"
    CAMPAIGN_READ = "engagement:campaign:read"
    CAMPAIGN_WRITE = "engagement:campaign:write"
    JOURNEY_READ = "engagement:journey:read"
    JOURNEY_WRITE = "engagement:journey:write"
    RULE_READ = "engagement:rule:read"
    RULE_WRITE = "engagement:rule:write"
    PROOF_READ = "engagement:proof:read"
    PROOF_WRITE = "engagement:proof:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.TOUCH_READ: ("查看触达记录与死信", "See touches, their fates and dead letters"),
    Permission.TOUCH_WRITE: ("处理结果未知与失败的触达", "Settle touches that failed or whose outcome is unknown"),
    Permission.TOUCH_EXPORT: ("导出触达记录", "Export touches and their fates"),
    Permission.CAMPAIGN_READ: ("查看群发、朋友圈与营销日历", "See campaigns, moments and the marketing calendar"),
    Permission.CAMPAIGN_WRITE: ("新建、启动、暂停和撤回群发", "Make, start, pause and recall campaigns"),
    Permission.JOURNEY_READ: ("查看客户旅程与 SOP", "See journeys and SOPs"),
    Permission.JOURNEY_WRITE: ("新建、发布和停止客户旅程", "Make, publish and stop journeys"),
    Permission.RULE_READ: ("查看触达规则", "See the rules of touching"),
    Permission.RULE_WRITE: ("修改频控与勿扰规则", "Change frequency caps and quiet hours"),
    Permission.PROOF_READ: ("查看实验、对照组与增量效果", "See experiments, holdouts and lifts"),
    Permission.PROOF_WRITE: ("设置对照组与实验", "Set holdouts and experiments"),
}
