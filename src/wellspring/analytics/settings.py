"""What a workspace may tune of analytics: the window of RFM, and the cycle that is assumed before there are repeat buyers."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class AnalyticsSettings(SettingsGroup):
    """RFM and lifecycle as a workspace wants them."""

    group: ClassVar[str] = "analytics"
    title: ClassVar[tuple[str, str] | None] = ("分析口径", "Definitions of analytics")

    rfm_window_days: int = pydantic.Field(default=365, ge=30, le=1825, description="RFM 统计窗口（天） / the window of RFM in days")
    assumed_cycle_days: float = pydantic.Field(
        default=60,
        ge=1,
        le=730,
        description="复购买家不足时假定的复购周期（天） / the cycle assumed while repeat buyers are too few, in days",
    )
