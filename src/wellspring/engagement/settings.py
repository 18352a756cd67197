"""What a workspace can set of touching, beyond its rules: paces, deadlines, and how a night's messages are released."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class EngagementSettings(SettingsGroup):
    """Touching."""

    group: ClassVar[str] = "engagement"
    title: ClassVar[tuple[str, str] | None] = ("触达", "Touches")

    guide_messages_per_day_max: int = pydantic.Field(
        default=500, ge=1, le=100_000, description="每位导购每天最多承担的触达人数 / Customers that one guide carries messages to in a day"
    )
    spread_minutes: int = pydantic.Field(
        default=30,
        ge=1,
        le=720,
        description="勿扰结束后分散发送的分钟数 / Minutes over which messages that waited for quiet hours are released",
    )
    day_begins_minute: int = pydantic.Field(
        default=600,
        ge=0,
        le=1439,
        description="顺延到次日的任务从当天第几分钟开始 / Minute of the day from which tasks moved to a later day go",
    )
    remind_after_hours: int = pydantic.Field(
        default=4,
        ge=1,
        le=72,
        description="群发任务未确认时，几小时后提醒员工 / Hours after which staff who have not confirmed are reminded",
    )
    confirm_within_hours: int = pydantic.Field(
        default=72, ge=1, le=720, description="群发任务超过几小时未确认即视为失效 / Hours after which an unconfirmed task has expired"
    )
    sms_price_minor: int = pydantic.Field(
        default=5,
        ge=0,
        le=10_000,
        description="一条短信的价格（分），用于试跑估算成本 / Price of one SMS in minor units, for the cost of a dry run",
    )
    settle_within_hours: int = pydantic.Field(
        default=24,
        ge=1,
        le=720,
        description="结果未知的触达几小时内查不到结果就转人工 / Hours after which an unknown outcome is put before a person",
    )
