"""What a workspace may tune of channels: the platforms' limits as they are today, and how long callbacks are kept."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup

# A connection is there in a moment or not at all; an answer of the platform may take seconds when it is busy.
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
# Repetitions where the platform's documents say that repeating is safe.
BUSY_TRIES = 3
CROWDED_TRIES = 6
# A refused secret is not tried again before this, doubling up to an hour: the platform bans addresses that insist.
REFUSED_PAUSE_SECONDS = 60
BLOCK_SECONDS = 60
BLOCK_SECONDS_MAX = 3_600
# A welcome code lives 20 seconds (page 92137); after this the call would come too late anyway.
WELCOME_SECONDS = 20.0
# Without the contact's fields by then, the welcome goes out without them.
WELCOME_FETCH_SECONDS = 6.0


class ChannelsSettings(SettingsGroup):
    """Limits that the platform may adjust (page 90312), and upkeep."""

    group: ClassVar[str] = "channels"
    title: ClassVar[tuple[str, str] | None] = ("企业微信接入", "Channels")

    calls_per_minute: int = pydantic.Field(
        default=10_000, ge=10, le=100_000, description="企业微信每个接口每分钟的调用上限 / WeCom calls per minute of one API"
    )
    calls_per_hour: int = pydantic.Field(
        default=150_000, ge=100, le=1_500_000, description="企业微信每个接口每小时的调用上限 / WeCom calls per hour of one API"
    )
    sync_threads: int = pydantic.Field(default=6, ge=1, le=16, description="同步时的并发调用数 / calls at a time while syncing")
    callbacks_kept_days: int = pydantic.Field(default=30, ge=1, le=400, description="回调原文保留天数 / days that callbacks are kept")
    welcome_threads: int = pydantic.Field(default=8, ge=1, le=32, description="欢迎语的并发数 / welcomes answered at a time")
    links_tags: bool = pydantic.Field(default=True, description="新发现的企业标签组是否自动双向同步 / new groups of corp tags are linked")
    tags_winner: str = pydantic.Field(
        default="wecom",
        pattern="^(wecom|wellspring)$",
        description="新标签组冲突时以谁为准：wecom 企业微信，wellspring 活水 / who wins in new groups of tags: wecom, or wellspring",
    )
    wecom_needs_consent: bool = pydantic.Field(
        default=False,
        description="群发前是否要求客户明确同意（否则加为好友即视为同意，退订者除外） / contacts must have agreed to marketing explicitly",
    )
    official_key_is_trusted: bool = pydantic.Field(
        default=False,
        description="公众号模板消息是否凭 client_msg_id 自动重发结果不明的消息 / unanswered template messages are sent again",
    )
    parcels_kept_days: int = pydantic.Field(default=400, ge=30, le=3_650, description="发送凭据与回执保留天数 / days that parcels are kept")
