"""The tables of channels, one part per module."""

from wellspring.channels.models.accounts import account_table, call_table, token_table
from wellspring.channels.models.callbacks import callback_table
from wellspring.channels.models.contacts import change_table, contact_table, relation_table, staff_table, sync_table, welcome_table

__all__ = [
    "account_table",
    "call_table",
    "callback_table",
    "change_table",
    "contact_table",
    "relation_table",
    "staff_table",
    "sync_table",
    "token_table",
    "welcome_table",
]
