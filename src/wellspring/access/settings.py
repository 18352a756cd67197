"""How long a sign-in lasts; per workspace."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class AccessSettings(SettingsGroup):
    """Sessions and links; the defaults follow a working day in an office."""

    group: ClassVar[str] = "access"

    session_idle_minutes: int = pydantic.Field(default=12 * 60, ge=5, le=30 * 24 * 60)
    session_hours: int = pydantic.Field(default=14 * 24, ge=1, le=90 * 24)
    link_hours: int = pydantic.Field(default=72, ge=1, le=30 * 24)
