"""Followers of Official Accounts, people of Mini Programs, messages by template, and what a diagnosis tells."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Follower:
    """Somebody who follows an Official Account, or opened a Mini Program."""

    account_id: str
    openid: str
    member_no: int
    is_following: bool
    followed_at: dt.datetime | None
    unfollowed_at: dt.datetime | None
    subscribe_scene: str
    scene: str


@dataclasses.dataclass(frozen=True)
class MiniSession:
    """Who opened a Mini Program; the session key stays with the platform's answer and is not kept."""

    account_id: str
    openid: str
    has_unionid: bool
    member_no: int


@dataclasses.dataclass(frozen=True)
class MiniLogin:
    """What a Mini Program gets for a login code: its user's openid, and a token that proves it to the brand's own server."""

    openid: str
    appid: str
    token: str
    expires_at: dt.datetime


class NoticeKind(enum.StrEnum):
    """Template message, subscription notice of an Official Account, subscription message of a Mini Program."""

    TEMPLATE = "template"
    OFFICIAL_SUBSCRIBE = "official_sub"
    MINI_SUBSCRIBE = "mini_sub"
    APP = "app"


class NoticeState(enum.StrEnum):
    """What became of a message. `unknown`: it may have been sent, and is not sent again."""

    CALLING = "calling"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True)
class NoticeDraft:
    """A message by template to one person; `values` by the template's keys. Of an app message only `values["text"]` counts."""

    account_id: str
    kind: NoticeKind
    to: str
    template_id: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    url: str = ""
    page: str = ""


@dataclasses.dataclass(frozen=True)
class Notice:
    """A message as it stands; a refusal is told in plain words by its code."""

    id: str
    account_id: str
    kind: NoticeKind
    state: NoticeState
    error_code: int | None
    created_at: dt.datetime
    ended_at: dt.datetime | None


class CheckState(enum.StrEnum):
    """How something stands."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that was looked at, in plain words, with what to do about it (empty when nothing)."""

    code: str
    state: CheckState
    zh: str
    en: str
    what_to_do_zh: str = ""
    what_to_do_en: str = ""
    facts: Mapping[str, str | int | float | None] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """Everything that was looked at, the worst first."""

    account_id: str
    checked_at: dt.datetime
    worst: CheckState
    checks: tuple[Check, ...]
