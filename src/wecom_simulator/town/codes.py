"""The brand's codes, as its operators set them up once WeCom is connected: channel codes, a link, cards, codes on packages.

Everything over the public API with the headquarters' key. What is there already by its name is left as it is, so that
a second call changes nothing, and one that broke off is gone on with.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from wecom_simulator.town.actions import TIME_ZONE, Body, Json
from wecom_simulator.town.client import Connection

GROUP_CHATS = 5
ITEM_CODES = 1_000
SHIPPED = 300
SHIPPED_DAYS_AGO = 30
DRAW_DAYS = 60

PARCEL = "包裹卡统一活码"
_TAGS = "渠道"
_SHOP = "https://heya.example.com"
_PARCEL_FOLDER, _ITEM_FOLDER, _CAMPAIGNS, _STORES = "包裹卡", "一物一码", "活动", "门店"
_PRIZES: tuple[tuple[str, str, int, int], ...] = (
    ("现金红包 66 元", "cash", 2, 6_600),
    ("现金红包 5 元", "cash", 30, 500),
    ("10 元无门槛券", "coupon", 100, 1_000),
)


class NoAccount(Exception):
    """No WeCom account is connected, or none of its staff is known."""


@dataclass(frozen=True, slots=True)
class Team:
    """The account, and its staff that Wellspring knows, by store in order of their codes."""

    account: str
    stores: tuple[tuple[str, ...], ...]

    def of(self, place: int, first: int = 0, count: int = 10) -> list[Json]:
        """Take one guide from each of `count` stores: the one at this place."""
        chosen = [guides[place % len(guides)] for guides in self.stores[first : first + count] or self.stores[:count]]
        return [*dict.fromkeys(chosen)]


def define(connection: Connection, account: str, now: datetime) -> None:
    """Make whatever is not there yet, for an account (the first of WeCom)."""
    team = _team(connection, account or _account(connection))
    _add_tags(connection)
    ids = _add_codes(connection, team)
    _add_cards(connection, ids[PARCEL], now)
    _add_packages(connection, ids["包装内码活码"], now)


def _account(connection: Connection) -> str:
    answer = connection.call("GET", "/api/channels/accounts")
    for row in answer if isinstance(answer, list) else []:
        if isinstance(row, dict) and row["kind"] == "wecom":
            return str(row["id"])
    raise NoAccount("no WeCom account is connected")


def _team(connection: Connection, account: str) -> Team:
    answer = connection.call("GET", f"/api/channels/accounts/{quote(account)}/staff")
    members = answer["rows"] if isinstance(answer, dict) else []
    serving = {
        str(row["staff_id"])
        for row in (members if isinstance(members, list) else [])
        if isinstance(row, dict) and row["staff_id"] and row["is_active"] and row["can_contact"]
    }
    stores: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows(connection, "/api/org/staff"):
        if row["id"] in serving:
            stores[str(row["unit_id"])].append(str(row["id"]))
    if not stores:
        raise NoAccount("none of the account's staff is known yet: let it be synchronised first")
    return Team(account, tuple(tuple(guides) for guides in stores.values()))


def _add_tags(connection: Connection) -> None:
    """Make the source tags that codes put; the group itself comes with the brand's tags."""
    answer = connection.call("GET", "/api/tags")
    groups = [group for group in (answer if isinstance(answer, list) else []) if isinstance(group, dict) and group["name"] == _TAGS]
    present = {str(tag["name"]) for group in groups if isinstance(tags := group["tags"], list) for tag in tags if isinstance(tag, dict)}
    if not groups:
        connection.call("POST", "/api/tags/groups", {"name": _TAGS, "kind": "source", "color": "sky", "description": "加到导购的来处"})
    for name in ("包裹卡", "门店", "直播", "会员日", "包装码", "社群", "获客链接"):
        if name not in present:
            connection.call("POST", "/api/tags", {"group": _TAGS, "name": name, "description": "", "expires_after_days": None})


# ------------------------------------------------------------------------------------------------ codes


def _add_codes(connection: Connection, team: Team) -> dict[str, str]:
    ids = {str(row["name"]): str(row["id"]) for row in rows(connection, "/api/acquisition/codes")}
    chats: list[Json] = [
        row["chat_id"] for row in rows(connection, f"/api/groups?account_id={quote(team.account)}", most=50) if not row["dissolved_at"]
    ]
    for body in (*_channel_codes(team), *_other_codes(team, chats[:GROUP_CHATS])):
        name = str(body["name"])
        if name not in ids:
            ids[name] = _id(connection.call("POST", "/api/acquisition/codes", {**body, "account_id": team.account}))
    return ids


def _channel_codes(team: Team) -> Iterator[Body]:
    gift: Json = {"kind": "link", "title": "新人礼包：满 59 减 10", "description": "领取后 7 天内可用", "url": f"{_SHOP}/newcomer"}
    yield {
        **_code(PARCEL, "channel", _PARCEL_FOLDER, "包裹卡", "每个包裹里的小卡片，各批次照此各建一码"),
        "plan": {"shifts": [_shift(team.of(1, 0, 12))], "backup_staff_ids": team.of(0, 12, 4), "daily_limit": 40},
        "welcome": _welcome("感谢您选择{{ brand.name }}，包裹里的礼物请点下面领取", [gift]),
    }
    yield {
        **_code("直播间活码", "channel", _CAMPAIGNS, "直播", "直播间贴片，晚场由晚班导购接待"),
        "plan": {
            "shifts": [_shift(team.of(2, 0, 6), "09:00", "18:00"), _shift(team.of(3, 6, 8), "18:00", "00:30")],
            "backup_staff_ids": team.of(0, 16, 2),
        },
        "welcome": _welcome("欢迎从直播间来，报上款式就给您留直播价"),
    }
    yield {
        **_code("会员日活码", "channel", _CAMPAIGNS, "会员日", "每周三会员日海报"),
        "plan": {"shifts": [_shift(team.of(1, 12, 8))], "backup_staff_ids": team.of(2, 20, 2), "daily_limit": 60},
        "welcome": _welcome("会员日专享价每周三 10 点开始，我会提前一天提醒您"),
    }
    yield {
        **_code("包装内码活码", "channel", _ITEM_FOLDER, "包装码", "扫包装内的码验真后添加"),
        "plan": {"shifts": [_shift(team.of(2, 8, 8))], "backup_staff_ids": team.of(0, 24, 2)},
        "welcome": _welcome("您的商品已验真，用法和搭配随时问我"),
    }


def _other_codes(team: Team, chats: Sequence[Json]) -> Iterator[Body]:
    yield {
        **_code("获客链接 · 朋友圈广告", "link", _CAMPAIGNS, "获客链接", "广告落地页跳转"),
        "plan": {"shifts": [_shift(team.of(3, 0, 8))]},
        "welcome": _welcome("看到您是从朋友圈来的，新人券已经准备好了"),
    }
    if chats:
        # A group must be there before people can be led into it; without any the next call makes this code.
        yield {
            **_code("福利群活码", "group", "社群", "社群", "海报与朋友圈引导入群"),
            "groups": {"chat_ids": [*chats], "opens_new": True, "base_name": "禾芽福利群", "base_number": 1},
        }
    # Last, because the platform makes a code for each of the stores.
    visit: Json = {"kind": "link", "title": "到店礼", "description": "出示本页到店领取试用装", "url": f"{_SHOP}/visit"}
    yield {
        **_code("门店活码", "store", _STORES, "门店", "收银台与门口立牌，自动带到最近的门店"),
        "welcome": _welcome("我是{{ store.name }}的{{ staff.title }}，到店前说一声，我帮您把货留好", [visit]),
    }


def _code(name: str, kind: str, folder: str, tag: str, remark: str) -> Body:
    return {"name": name, "kind": kind, "folder": folder, "remark": remark, "tags": [{"group": _TAGS, "name": tag}]}


def _shift(staff: list[Json], start: str = "00:00", end: str = "00:00") -> Json:
    return {"staff_ids": staff, "start": start, "end": end}


def _welcome(purpose: str, parts: Sequence[Json] = ()) -> list[Json]:
    """Say one thing to those who come back, one at night and one by day: the first that fits is said."""
    return [
        {"newness": "returning", "text": "{{ contact.name }}，欢迎回来！我是{{ staff.name }}，之前的优惠都还在，需要什么直接说～"},
        {
            "start": "22:00",
            "end": "09:00",
            "text": f"{{{{ contact.name }}}}您好，我是{{{{ staff.name }}}}。{purpose}。现在夜深了，留言我明早第一时间回您。",
            "parts": [*parts],
        },
        {"text": f"{{{{ contact.name }}}}您好，我是{{{{ staff.name }}}}，{purpose}～", "parts": [*parts]},
    ]


# ------------------------------------------------------------------------------------------------ cards and packages


def _add_cards(connection: Connection, template: str, now: datetime) -> None:
    designs = {str(row["name"]): str(row["id"]) for row in rows(connection, "/api/cards/designs")}
    batches = {str(row["name"]) for row in rows(connection, "/api/cards/batches")}
    shipped_on = (now - timedelta(days=SHIPPED_DAYS_AGO)).astimezone(TIME_ZONE).date().isoformat()
    for letter, body in _designs().items():
        name = str(body["name"])
        if name not in designs:
            designs[name] = _id(connection.call("POST", "/api/cards/designs", body))
        batch: Body = {"name": f"包裹卡 {letter} 首批", "design_id": designs[name], "shipped": SHIPPED, "shipped_on": shipped_on}
        if batch["name"] not in batches:
            connection.call("POST", "/api/cards/batches", {**batch, "card_cost_minor": 12, "template_code_id": template})


def _designs() -> dict[str, Body]:
    steps: Json = ["微信扫一扫", "添加专属导购", "领取礼物"]
    cash: Body = {"headline": "加导购微信，领 2 元红包", "subline": "育儿与家清问题随时问", "offer": "¥2 现金红包", "color": "#c8102e"}
    trial: Body = {"headline": "扫码领一份试用装", "subline": "下次下单随包裹寄出", "offer": "试用装 1 份", "color": "#2f6f4f"}
    common: Body = {"size": "card", "brand": "禾芽", "steps": steps, "footnote": "礼物由禾芽发放，每位客户一份，数量有限"}
    return {
        "A": {"name": "包裹卡 A · 红包", "kind": "parcel_card", "hook": "cash", "gift_cost_minor": 200, "look": {**common, **cash}},
        "B": {"name": "包裹卡 B · 试用装", "kind": "parcel_card", "hook": "sample", "gift_cost_minor": 350, "look": {**common, **trial}},
    }


def _add_packages(connection: Connection, code: str, now: datetime) -> None:
    name = "绵柔抽纸 · 首批码"
    there = {str(row["name"]): row for row in rows(connection, "/api/item-codes/batches")}
    batch: Json = there.get(name)
    if batch is None:
        body: Body = {"name": name, "product": "绵柔抽纸 24 包整箱", "codes": ITEM_CODES, "code_id": code, "code_cost_minor": 3}
        batch = connection.call("POST", "/api/item-codes/batches", body)
    if not isinstance(batch, dict):
        raise TypeError(f"a batch of codes is an object, not {batch!r}")
    if batch["draw_id"]:
        draw = connection.call("GET", f"/api/item-codes/draws/{batch['draw_id']}")
    else:
        draw = connection.call("PUT", f"/api/item-codes/batches/{batch['id']}/draw", _draw(now))
    if isinstance(draw, dict) and draw["state"] == "draft":
        connection.call("POST", f"/api/item-codes/draws/{draw['id']}/publication")


def _draw(now: datetime) -> Body:
    prizes: list[Json] = [{"name": name, "kind": kind, "count": count, "value_minor": value} for name, kind, count, value in _PRIZES]
    return {
        "name": "开箱有礼",
        "rules": "每个包装内的码可抽奖一次，中奖后由导购发放。奖品数量、概率与本次抽奖的种子摘要均已公示。",
        "budget_minor": sum(count * value for _, _, count, value in _PRIZES),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=DRAW_DAYS)).isoformat(),
        "prizes": prizes,
    }


# ------------------------------------------------------------------------------------------------ reading


def rows(connection: Connection, path: str, most: int | None = None) -> Iterator[Body]:
    """Read the rows of a list, page after page."""
    cursor: str | None = ""
    mark = "&" if "?" in path else "?"
    while cursor is not None:
        answer = connection.call("GET", f"{path}{mark}limit={most or 200}" + (f"&cursor={quote(cursor)}" if cursor else ""))
        found, following = (answer.get("rows"), answer.get("next_cursor")) if isinstance(answer, dict) else (None, None)
        yield from (row for row in (found if isinstance(found, list) else []) if isinstance(row, dict))
        cursor = following if isinstance(following, str) and most is None else None


def _id(answer: Json) -> str:
    if not isinstance(answer, dict):
        raise TypeError(f"what was made has an id, not {answer!r}")
    return str(answer["id"])
