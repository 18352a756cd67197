"""What a workspace may tune of people: the region of phone numbers, identifier limits, when duplicates are proposed.

Defaults of the limits stand with the kinds in rules.identities; a limit named here replaces one of them.
"""

import datetime as dt
from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup

# "Last seen" is written at most this often per member: a busy member must not cost one update per event.
LAST_SEEN_STEP = dt.timedelta(hours=1)
# Entries of the in-process cache, about 150 bytes each.
CACHE_ENTRIES_MAX = 400_000
# Keys of one IN query: under every engine's limit of parameters (PostgreSQL 65,535; SQLite 32,766).
KEYS_PER_QUERY = 2_000


class PeopleSettings(SettingsGroup):
    """Identity resolution as a workspace wants it."""

    group: ClassVar[str] = "people"
    title: ClassVar[tuple[str, str] | None] = ("会员识别", "Identity of members")

    phone_region: str = pydantic.Field(
        default="CN", pattern="^[A-Z]{2}$", description="无国家码手机号的地区 / region of phone numbers without a country code"
    )
    limits: dict[str, int] = pydantic.Field(default_factory=dict, description="每位会员各类标识的上限 / identifiers of a kind per member")
    duplicates_least: float = pydantic.Field(
        default=0.9, ge=0.5, lt=1, description="疑似重复的最低概率 / least probability of a likely duplicate that people are asked about"
    )
    duplicates_weekly: bool = pydantic.Field(
        default=False, description="每周自动查找疑似重复 / look for likely duplicates every week without being asked"
    )

    @pydantic.field_validator("limits")
    @classmethod
    def _sensible(cls, limits: dict[str, int]) -> dict[str, int]:
        if any(not 1 <= limit <= 1000 for limit in limits.values()):
            raise ValueError("a limit is between 1 and 1000")
        return limits


class SealingState(SettingsGroup):
    """Which key every sealed value of people stands under, as far as it was gone over."""

    group: ClassVar[str] = "people_sealing"

    key_id: str = ""
