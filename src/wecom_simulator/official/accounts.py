"""What the host remembers: accounts, who follows them, templates, grants, codes with a scene, and what was sent.

Limits that the platform does not publish, or has changed, are fields of `Account` and never constants.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from wecom_simulator.corp import derived
from wecom_simulator.world import Person, World

SENT_MAX = 20_000


@dataclass(slots=True)
class Follower:
    """A person who follows, or did."""

    openid: str
    unionid: str
    is_subscribed: bool = True
    subscribed_at: int = 0
    scene: str = "ADD_SCENE_SEARCH"
    qr_scene: int = 0
    qr_scene_str: str = ""
    remark: str = ""
    tags: list[int] = field(default_factory=list)
    # Templates reach nobody who switched the account's messages off.
    is_blocking: bool = False
    window_until: int = 0
    window_left: int = 0


@dataclass(slots=True)
class Template:
    """A message template with its typed fields (`thing1`, `time2`)."""

    template_id: str
    title: str
    keys: tuple[str, ...]
    # "template" (service accounts, to followers), "subscribe" (one permission, one message).
    kind: str = "template"
    is_withdrawn: bool = False


@dataclass(slots=True)
class Scene:
    """A code that carries a scene."""

    ticket: str
    url: str
    value: str
    is_text: bool
    expires_at: int
    created_at: int


@dataclass(slots=True)
class Code:
    """Something a person's client gives once: a login, an authorisation, a telephone number."""

    kind: str
    appid: str
    unionid: str
    expires_at: int
    scope: str = ""
    is_used: bool = False


@dataclass(slots=True)
class Sent:
    """A message and what became of it."""

    number: int
    appid: str
    openid: str
    kind: str
    at: int
    fields: dict[str, Any]
    state: str = "sent"


@dataclass(slots=True)
class Account:
    """An Official Account or a Mini Program."""

    appid: str
    name: str
    kind: str
    secret: str
    original_id: str
    trusted_ips: tuple[str, ...] = ()
    is_verified_service: bool = True
    has_open_platform: bool = True
    oauth_domain: str = ""
    pages: tuple[str, ...] = ()
    templates: dict[str, Template] = field(default_factory=dict)
    followers: dict[str, Follower] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    scenes: dict[str, Scene] = field(default_factory=dict)
    # One-time permissions by (openid, template), and templates that a person refuses for good.
    grants: dict[tuple[str, str], int] = field(default_factory=dict)
    refusals: set[tuple[str, str]] = field(default_factory=set)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    ticket: str = ""
    ticket_expires_at: int = 0
    tokens_per_day: int = 2_000
    forced_tokens_per_day: int = 20
    clears_per_month: int = 10
    templates_per_day: int = 100_000
    codes_per_minute: int = 5_000
    logins_per_minute: int = 100
    # Seconds and messages of the customer-service window by what the person did last.
    windows: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {"message": (172_800, 20), "follow": (60, 3), "scan": (60, 3), "menu": (60, 3)}
    )
    system_failures: float = 0.0
    next_tag: int = 100

    def touched(self, follower: Follower, by: str, now: int) -> None:
        """The person did something: for a while the account may write."""
        seconds, messages = self.windows[by]
        if now + seconds >= follower.window_until or messages > follower.window_left:
            follower.window_until, follower.window_left = max(follower.window_until, now + seconds), messages


@dataclass(slots=True)
class Token:
    """A token of an account; `is_stable` ones live apart from the others."""

    appid: str
    expires_at: int
    is_stable: bool
    # Once a newer one was fetched it is "not latest", which reads otherwise than "expired".
    is_replaced: bool = False


@dataclass(slots=True)
class Official:
    """All accounts of the world."""

    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    latest: dict[tuple[str, bool], str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    # Tokens of people's own authorisations: access or refresh token to (appid, unionid, scope, until).
    people_tokens: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=SENT_MAX))

    @staticmethod
    def of(world: World) -> "Official":
        """The world's accounts; a new world has one of each kind."""
        found = world.part(Official)
        if not found.accounts:
            for account in (_service(world), _program(world)):
                found.accounts[account.appid] = account
        return found

    def account(self, appid: str = "", kind: str = "official") -> Account:
        """An account by appid, or the first of a kind; KeyError for none."""
        if appid:
            return self.accounts[appid]
        return next(account for account in self.accounts.values() if account.kind == kind)


def follower_of(world: World, account: Account, person: Person) -> Follower | None:
    """The person as a follower, also a former one."""
    return account.followers.get(world.openid(person, account.appid))


def _appid(world: World, kind: str) -> str:
    return f"wx{derived(kind, world.seed, size=40).encode().hex()[:16]}"


def _templates(world: World, kind: str, rows: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, Template]:
    made = (Template(derived("template", world.seed, kind, title, size=43), title, keys, kind) for title, keys in rows)
    return {template.template_id: template for template in made}


def _service(world: World) -> Account:
    appid = _appid(world, "official")
    own = (("订单发货通知", ("character_string1", "thing2", "time3")), ("积分变动提醒", ("thing1", "number2", "time3")))
    asked = (("优惠券到期提醒", ("thing1", "time2", "thing3")),)
    templates = _templates(world, "template", own) | _templates(world, "subscribe", asked)
    return Account(appid, world.corp.name, "official", derived("secret", appid, size=32), f"gh_{appid[2:14]}", templates=templates)


def _program(world: World) -> Account:
    appid = _appid(world, "mini")
    asked = (
        ("到货提醒", ("thing1", "amount2", "time3")),
        ("优惠券到期提醒", ("thing1", "time2", "thing3")),
    )
    return Account(
        appid,
        f"{world.corp.name}小程序",
        "mini",
        derived("secret", appid, size=32),
        f"gh_{appid[2:14]}",
        pages=("pages/index/index", "pages/goods/detail", "pages/member/index", "pages/coupon/index"),
        templates=_templates(world, "subscribe", asked),
    )
