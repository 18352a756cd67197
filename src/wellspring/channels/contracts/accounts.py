"""An account: how one corp, official account, mini program or merchant is reached. Secrets never leave the domain."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping


class AccountKind(enum.StrEnum):
    """The platforms."""

    WECOM = "wecom"
    OFFICIAL = "official"
    MINI = "mini"
    PAY = "pay"
    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"
    ADS = "ads"


class AccountState(enum.StrEnum):
    """A paused account takes callbacks and makes no calls."""

    ACTIVE = "active"
    PAUSED = "paused"


# Those that speak WeChat's way and call back.
WECHAT = frozenset({AccountKind.WECOM, AccountKind.OFFICIAL, AccountKind.MINI})

# The real hosts: a host is named only where another one stands in for it (a proxy, the simulator). The others have none of their own.
HOSTS: dict[AccountKind, str] = {
    AccountKind.WECOM: "https://qyapi.weixin.qq.com",
    AccountKind.OFFICIAL: "https://api.weixin.qq.com",
    AccountKind.MINI: "https://api.weixin.qq.com",
    AccountKind.PAY: "https://api.mch.weixin.qq.com",
    AccountKind.SMS: "",
    AccountKind.EMAIL: "",
    AccountKind.WEBHOOK: "",
    AccountKind.ADS: "",
}


@dataclasses.dataclass(frozen=True)
class AccountDraft:
    """What an administrator types. `corp_id` is the corpid, appid or merchant number; None leaves a secret as it is.

    `extra` holds further secrets by name (a merchant's keys); all of them are sealed. `options` is what may be read again:
    a vendor's format, a sender's name, a mail server.
    """

    kind: AccountKind
    name: str
    corp_id: str
    agent_id: str = ""
    secret: str | None = None
    callback_token: str | None = None
    callback_key: str | None = None
    host: str = ""
    extra: Mapping[str, str] = dataclasses.field(default_factory=dict)
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Account:
    """A connected account, without its secrets; `host` is the one that is called."""

    id: str
    kind: AccountKind
    name: str
    corp_id: str
    agent_id: str
    host: str
    state: AccountState
    has_secret: bool
    has_callback: bool
    created_at: dt.datetime
    checked_at: dt.datetime | None = None
    problem_code: int | None = None
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def callback_path(self) -> str:
        """Where the platform posts the account's callbacks, below this server's address."""
        return f"/callbacks/{self.kind}/{self.id}"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether the platform takes the account's credentials, and if not, why and what to do."""

    is_ok: bool
    code: int = 0
    zh: str = ""
    en: str = ""
    advice_zh: str = ""
    advice_en: str = ""
