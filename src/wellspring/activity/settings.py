"""Activity's settings of a workspace: how long repetitions are recognised, what late and future mean, what is personal."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup

# Compared without case and separators.
_PERSONAL_KEYS = (
    "phone mobile mobilephone phonenumber telephone tel email mail emailaddress idcard idnumber passport password realname"
    " fullname firstname lastname receivername receiverphone receivermobile"
    " 手机 手机号 手机号码 电话 联系电话 邮箱 电子邮箱 姓名 真实姓名 身份证 身份证号 收货人 收货人姓名 收货人电话 收货地址"
)


class ActivitySettings(SettingsGroup):
    """What an operator may set for the intake of events."""

    group: ClassVar[str] = "activity"
    title: ClassVar[tuple[str, str] | None] = ("事件接入", "Intake of events")

    lookback_hours: int = pydantic.Field(
        default=24, ge=24, le=168, description="消息去重回溯小时数 / hours in which a repeated message id is recognised"
    )
    future_tolerance_seconds: int = pydantic.Field(
        default=300, ge=0, le=3600, description="时钟超前容忍秒数 / how far ahead of the server an event may be"
    )
    late_after_hours: int = pydantic.Field(
        default=24, ge=1, le=720, description="超过多少小时算迟到 / after how many hours an event is late"
    )
    personal_keys: tuple[str, ...] = pydantic.Field(
        default=tuple(_PERSONAL_KEYS.split()),
        max_length=500,
        description="日志中不保留的个人信息字段 / fields whose values never reach the log",
    )
