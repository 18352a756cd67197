"""The brand's tags, as its operators put them once its history is loaded: from what was told, never from the truth.

Source tags by where a guide's contact came from, levels by what was paid, tastes by what lay in the baskets, and what
people did lately, which ends by itself. In bulk, by account; loading twice changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wecom_simulator.town import names
from wecom_simulator.town.actions import DAY_MS, Action, Body, Json, Kind
from wecom_simulator.town.catalogue import CATEGORIES
from wecom_simulator.town.client import Connection

PUT_MAX = 5_000
"""People that one call may name."""

WORTH_MINOR = 400_000
"""Paid within the time told, from which on a customer counts as of high value."""

LATELY_DAYS, ASLEEP_DAYS = 30, 120

# Name, kind, colour, what it is for, and its tags with their description and the days they last.
_GROUPS: tuple[tuple[str, str, str, str, tuple[tuple[str, str, int | None], ...]], ...] = (
    (
        "渠道",
        "source",
        "sky",
        "加到导购的来处",
        (("包裹卡", "扫包裹卡添加", None), ("门店", "到店扫码添加", None), ("直播", "直播间引导添加", None)),
    ),
    (
        "等级",
        "level",
        "amber",
        "由低到高，每位客户一个",
        (("普通", "有过消费", None), ("高净值", "累计消费 4000 元以上", None), ("KOC", "愿意分享的老客，由运营挑选", None)),
    ),
    ("偏好", "static", "plum", "按购物篮判断", (("母婴", "", None), ("家清", "", None), ("零食", "", None))),
    (
        "行为",
        "behaviour",
        "well",
        "近期动向，到期自动去标",
        (("近30天下单", "", LATELY_DAYS), ("沉睡", "超过 120 天没有下单", None)),
    ),
)
_CHANNELS = {"包裹卡": "渠道/包裹卡", "门店": "渠道/门店", "直播间": "渠道/直播"}
_BABY = {category.name for category in CATEGORIES if category.child_months is not None}
_HOME = {category.name for category in CATEGORIES if category.code in {"tissue", "roll", "laundry", "kitchen", "handwash"}}
_REASONS = {"渠道": "加企微时的来源", "等级": "按累计消费评定", "偏好": "按购物篮判断", "行为": "按下单时间判断"}


@dataclass(slots=True)
class Judgement:
    """What operators can see of each customer with an account."""

    accounts: set[str] = field(default_factory=set)
    paid: Counter[str] = field(default_factory=Counter)
    last_ms: dict[str, int] = field(default_factory=dict)
    baskets: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    source: dict[str, str] = field(default_factory=dict)

    def add(self, actions: Iterable[Action]) -> None:
        """Look at what was told."""
        for action in actions:
            account = names.account(action.person)
            if action.kind is Kind.ORDER:
                self._ordered(account, action)
            elif action.kind is Kind.MESSAGE and action.body.get("userId") == account:
                self.accounts.add(account)
                properties = action.body.get("properties")
                if action.body.get("event") == "WeCom Contact Added" and isinstance(properties, dict):
                    self.source[account] = str(properties["source"])

    def _ordered(self, account: str, action: Action) -> None:
        # The second telling of an order (sent, completed) is not paid again.
        if action.body.get("state") != "paid" or not isinstance(paid := action.body["paid_minor"], int):
            return
        self.paid[account] += paid
        self.last_ms[account] = max(self.last_ms.get(account, 0), action.at_ms)
        if isinstance(lines := action.body["lines"], list):
            self.baskets[account].update(_shelf(str(line["category"])) for line in lines if isinstance(line, dict))

    def tags(self, now_ms: int) -> dict[str, list[str]]:
        """Who gets which tag, by "group/tag"."""
        found: dict[str, list[str]] = defaultdict(list)
        for account in sorted(self.accounts):
            for path in self._of(account, now_ms):
                found[path].append(account)
        return dict(found)

    def _of(self, account: str, now_ms: int) -> Iterator[str]:
        if self.source.get(account) in _CHANNELS:
            yield _CHANNELS[self.source[account]]
        if account not in self.last_ms:
            return
        chosen = len(self.baskets[account]) == 3 and account.endswith("7") and account in self.source
        yield "等级/KOC" if chosen else "等级/高净值" if self.paid[account] >= WORTH_MINOR else "等级/普通"
        shelf, lines = self.baskets[account].most_common(1)[0]
        if lines >= 3:
            yield f"偏好/{shelf}"
        quiet_days = (now_ms - self.last_ms[account]) // DAY_MS
        if quiet_days < LATELY_DAYS:
            yield "行为/近30天下单"
        elif quiet_days >= ASLEEP_DAYS:
            yield "行为/沉睡"


def put(connection: Connection, judged: Judgement, now_ms: int) -> None:
    """Make the groups and tags that are not there yet, then put the tags in bulk."""
    ids = _set_up(connection)
    for path, accounts in judged.tags(now_ms).items():
        for first in range(0, len(accounts), PUT_MAX):
            people: list[Json] = [{"kind": "user_id", "value": account} for account in accounts[first : first + PUT_MAX]]
            body: Body = {"put": people, "reason": _REASONS[path.partition("/")[0]]}
            connection.call("POST", f"/api/tags/{ids[path]}/members", body)


def _set_up(connection: Connection) -> dict[str, str]:
    answer = connection.call("GET", "/api/tags")
    ids: dict[str, str] = {}
    present: set[str] = set()
    for group in answer if isinstance(answer, list) else []:
        if isinstance(group, dict) and isinstance(group["tags"], list):
            present.add(str(group["name"]))
            ids |= {f"{tag['group']}/{tag['name']}": str(tag["id"]) for tag in group["tags"] if isinstance(tag, dict)}
    for name, kind, color, purpose, tags in _GROUPS:
        if name not in present:
            connection.call("POST", "/api/tags/groups", {"name": name, "kind": kind, "color": color, "description": purpose})
        for tag, description, days in tags:
            if f"{name}/{tag}" not in ids:
                body: Body = {"group": name, "name": tag, "description": description, "expires_after_days": days}
                made = connection.call("POST", "/api/tags", body)
                ids[f"{name}/{tag}"] = str(made["id"]) if isinstance(made, dict) else ""
    return ids


def _shelf(category: str) -> str:
    return "母婴" if category in _BABY else "家清" if category in _HOME else "零食"
