"""The front door of channels, one part per module: accounts, and contacts with what arrives of them."""

from wellspring.channels.api.accounts import account, accounts, change_account, check_account, connect, pause_account, resume_account

__all__ = ["account", "accounts", "change_account", "check_account", "connect", "pause_account", "resume_account"]
