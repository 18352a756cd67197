"""How long a sign-in lasts; per workspace."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class AccessSettings(SettingsGroup):
    """Sessions and links; the defaults follow a working day in an office."""

    group: ClassVar[str] = "access"
    title: ClassVar[tuple[str, str] | None] = ("登录与会话", "Sign-in and sessions")

    session_idle_minutes: int = pydantic.Field(
        default=12 * 60, ge=5, le=30 * 24 * 60, description="无操作多少分钟后退出 / minutes without a request after which a session ends"
    )
    session_hours: int = pydantic.Field(
        default=14 * 24, ge=1, le=90 * 24, description="登录最长有效小时数 / hours after which everybody signs in again"
    )
    link_hours: int = pydantic.Field(
        default=72, ge=1, le=30 * 24, description="邀请链接有效小时数 / hours for which an invitation link works"
    )
