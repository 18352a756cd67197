"""Endpoints of WeCom that are not about customers; importing the package registers them."""

from wecom_simulator.endpoints import app_messages, directory, jssdk, media, media_jobs, member_tags, oauth, older, tokens

__all__ = ["app_messages", "directory", "jssdk", "media", "media_jobs", "member_tags", "oauth", "older", "tokens"]
