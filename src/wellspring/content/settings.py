"""What a workspace decides about its content."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class ContentSettings(SettingsGroup):
    """Approval, and how long after a message a purchase is shown beside it."""

    group: ClassVar[str] = "content"
    title: ClassVar[tuple[str, str] | None] = ("内容中心", "Content")

    needs_approval: bool = pydantic.Field(default=True, description="提交后须审核才能使用 / a version must be approved before it is sent")
    needs_second_person: bool = pydantic.Field(
        default=False, description="作者不能审核自己的版本 / authors do not approve their own versions"
    )
    effect_days: int = pydantic.Field(default=7, ge=1, le=90, description="效果统计窗口（天） / days in which purchases are counted")
