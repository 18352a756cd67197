"""A WeCom corp: its apps with their secrets, its departments and members, and what its administrator has set.

The caps that the platform only prints for some years, or that an administrator chooses, are settings here and never
constants. What other parts keep about a corp hangs at `part(Type)`.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

Part = TypeVar("Part")

# Every permission that an endpoint may ask for; an app holds some of them.
PERMISSIONS = frozenset({"customer", "directory", "directory_write", "message", "acquisition", "contact_sync"})
# What a self-built app can be given; the directory is written by the secret of the contact sync alone (page 90967).
OWN = frozenset({"customer", "directory", "message", "acquisition"})


@dataclass(slots=True)
class Department:
    """A node of the corp's tree; 1 is the root."""

    id: int
    name: str
    parent: int
    order: int = 0


@dataclass(slots=True)
class Staff:
    """A member of the corp."""

    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    mobile: str = ""
    gender: int = 0
    position: str = ""
    # 1 active, 2 disabled, 4 not activated, 5 left (page 90196).
    status: int = 1
    is_real_name: bool = True
    # Whether an administrator gave the member the customer contact function.
    serves_customers: bool = True
    left_at: int = 0
    wechat_login_at: int = 0
    customers_max: int = 5_000

    @property
    def is_active(self) -> bool:
        """Whether the member can take part in customer contact."""
        return self.status == 1 and self.serves_customers


@dataclass(slots=True)
class App:
    """A self-built app of a corp."""

    agent_id: int
    name: str
    secret: str
    permissions: frozenset[str] = OWN
    # Visible range: departments with everything below them, and single members.
    departments: tuple[int, ...] = (1,)
    users: tuple[str, ...] = ()
    trusted_domain: str = "localhost"
    # Empty: calls are taken from everywhere.
    trusted_ips: tuple[str, ...] = ()
    token: str = ""


@dataclass(slots=True)
class Limits:
    """Calls that the platform takes (page 90312); 0 switches one off."""

    per_minute: int = 10_000
    per_hour: int = 150_000
    ip_per_minute: int = 20_000
    ip_per_hour: int = 600_000
    concurrent: int = 0
    # Wrong secrets from one address in an hour, after which it is refused for an hour (reported, not printed).
    wrong_secrets: int = 2_000
    # "real" counts on the machine's clock, so that a standing virtual clock blocks nobody for ever.
    clock: str = "real"


@dataclass(slots=True)
class CorpSettings:
    """What an administrator sets, and what the platform has changed over the years."""

    is_verified: bool = True
    # Without a bound developer id no unionid is told.
    has_developer_id: bool = True
    # Mass messages that a customer or a group takes: per month "days of the month" when 0, and per week or day if set.
    sends_per_month: int = 0
    sends_per_week: int = 0
    sends_per_day: int = 0
    reminders_per_day: int = 3
    dispatch_seconds: int = 2
    moments_per_month: int = 4
    moment_seconds: int = 2
    welcome_seconds: int = 20
    # Whether these count by the machine's own time: a virtual clock passes twenty seconds before anybody can answer.
    welcome_by_machine: bool = False
    has_admin_welcome: bool = False
    tags_max: int = 10_000
    tags_per_relation_max: int = 3_000
    ways_max: int = 500_000
    group_size_max: int = 500
    transfer_seconds: int = 86_400
    acquisition_quota: int = 10_000
    may_use_temporary_ways: bool = False
    temporary_ways_per_day: int = 100_000
    links_max: int = 1_000
    moment_jobs_max: int = 20
    personal_moments_per_day: int = 3
    transfers_per_quarter: int = 2
    group_transfers_per_day: int = 300
    intercept_rules_max: int = 100
    group_templates_max: int = 100


@dataclass(slots=True)
class Corp:
    """One corp of the world."""

    corpid: str
    name: str
    apps: dict[str, App] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    settings: CorpSettings = field(default_factory=CorpSettings)
    parts: dict[str, Any] = field(default_factory=dict)

    def part(self, kind: type[Part]) -> Part:
        """The corp's one object of a type, made when it is first asked for."""
        return part_of(self.parts, kind)

    def app(self, agent_id: int) -> App | None:
        """The app with a number."""
        return next((app for app in self.apps.values() if app.agent_id == agent_id), None)

    def below(self, department: int) -> set[int]:
        """A department and everything under it."""
        found, edge = {department}, {department}
        while edge:
            edge = {node.id for node in self.departments.values() if node.parent in edge} - found
            found |= edge
        return found

    def visible(self, app: App) -> Iterator[Staff]:
        """The members in the app's range, in their order."""
        if 1 in app.departments:
            yield from (one for one in self.staff.values() if one.status != 5)
            return
        nodes = {node for department in app.departments for node in self.below(department)}
        for one in self.staff.values():
            if one.status != 5 and (one.userid in app.users or not nodes.isdisjoint(one.departments)):
                yield one

    def sees(self, app: App, userid: str) -> bool:
        """Whether the member exists in the app's range."""
        one = self.staff.get(userid)
        if one is None:
            return False
        if 1 in app.departments or userid in app.users:
            return True
        return any(node in self.below(department) for department in app.departments for node in one.departments)


def part_of(parts: dict[str, Any], kind: type[Part]) -> Part:
    """The one object of a type in a shelf of parts."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    found = parts.get(name)
    if found is None:
        found = parts[name] = kind()
    made: Part = found
    return made


def derived(kind: str, *parts: object, size: int = 28) -> str:
    """A stable identifier of URL-safe characters for something."""
    digest = hashlib.sha256("\0".join([kind, *map(str, parts)]).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=").replace("-", "A").replace("_", "B")[:size]


_STAFF = (
    ("zhangwei", "张伟", 2, 1, "门店导购"),
    ("wangfang", "王芳", 2, 2, "门店导购"),
    ("lina", "李娜", 2, 2, "门店店长"),
    ("liuyang", "刘洋", 3, 1, "门店导购"),
    ("chenjing", "陈静", 3, 2, "门店导购"),
    ("yangmin", "杨敏", 4, 2, "私域客服"),
    ("zhaolei", "赵磊", 4, 1, "私域客服"),
    ("huangli", "黄丽", 4, 2, "社群运营"),
)


def default_corp(seed: int = 1) -> Corp:
    """The corp that a new world has: two stores, an online team, and one app that may do everything."""
    corpid = f"ww{hashlib.sha256(f'corp{seed}'.encode()).hexdigest()[:16]}"
    corp = Corp(corpid, "清泉生活馆")
    for id_, name, parent in ((1, "清泉生活馆", 0), (2, "人民广场店", 1), (3, "西湖店", 1), (4, "线上客服部", 1)):
        corp.departments[id_] = Department(id_, name, parent, order=100 - id_)
    for number, (userid, name, department, gender, position) in enumerate(_STAFF):
        corp.staff[userid] = Staff(userid, name, (department,), f"1380000{number:04}", gender, position)
    own = App(1_000_002, "活水私域", derived("secret", corpid, 1_000_002, size=43))
    sync = App(0, "通讯录同步", derived("secret", corpid, 0, size=43), permissions=frozenset({"contact_sync", "directory_write"}))
    corp.apps = {one.secret: one for one in (own, sync)}
    return corp


def settable(target: object, changes: dict[str, Any]) -> None:
    """Writes settings by name; a name that does not exist or a value of another kind is refused with ValueError."""
    known = {one.name: getattr(target, one.name) for one in fields(target)}  # type: ignore[arg-type]
    for name, value in changes.items():
        if name not in known or type(value) is not type(known[name]):
            raise ValueError(f"no such setting, or not of its kind: {name}={value!r}")
    for name, value in changes.items():
        setattr(target, name, value)
