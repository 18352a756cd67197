"""The tables of channels, one part per module."""

from wellspring.channels.models.accounts import account_table, call_table, token_table
from wellspring.channels.models.callbacks import callback_table
from wellspring.channels.models.contacts import (
    change_table,
    contact_table,
    place_table,
    relation_table,
    staff_table,
    sync_table,
    welcome_table,
)
from wellspring.channels.models.entrances import entrance_table, link_customer_table, media_table, quota_table
from wellspring.channels.models.followers import follower_change_table, follower_table, notice_table
from wellspring.channels.models.groups import chat_change_table, chat_day_table, chat_member_table, chat_table, chat_word_table
from wellspring.channels.models.removals import removal_table
from wellspring.channels.models.sends import leaving_table, parcel_table, receipt_table, reply_table
from wellspring.channels.models.tags import tag_difference_table, tag_group_table, tag_seen_table, tag_table, tag_turn_table
from wellspring.channels.models.transfers import staff_day_table, transfer_customer_table, transfer_table

__all__ = [
    "account_table",
    "call_table",
    "callback_table",
    "change_table",
    "chat_change_table",
    "chat_day_table",
    "chat_member_table",
    "chat_table",
    "chat_word_table",
    "contact_table",
    "entrance_table",
    "follower_change_table",
    "follower_table",
    "leaving_table",
    "link_customer_table",
    "media_table",
    "notice_table",
    "parcel_table",
    "place_table",
    "quota_table",
    "receipt_table",
    "relation_table",
    "removal_table",
    "reply_table",
    "staff_day_table",
    "staff_table",
    "sync_table",
    "tag_difference_table",
    "tag_group_table",
    "tag_seen_table",
    "tag_table",
    "tag_turn_table",
    "token_table",
    "transfer_customer_table",
    "transfer_table",
    "welcome_table",
]
