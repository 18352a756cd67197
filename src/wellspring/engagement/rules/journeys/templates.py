"""Ready-made journeys that operators ask for by name. What only the brand can know (audience, account, material) is left open."""

import copy
from collections.abc import Mapping
from typing import Any

from wellspring.engagement.contracts.journeys import JourneyTemplate
from wellspring.engagement.errors.journeys import TemplateUnknown

ORDER, CART, JOINED, REVIEWED = "Order Completed", "Product Added", "Group Joined", "Product Reviewed"
_BOUGHT: dict[str, Any] = {"event": ORDER}
_GAP = 150


def _send(name: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - settings of a node
    return {"kind": "send", "name": name, "channel": "wecom", "content_id": "", "account_id": "", **rest}


def _task(name: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {"kind": "task", "name": name, "channel": "task", "content_id": "", **rest}


def _wait(length: str) -> dict[str, Any]:
    return {"kind": "wait", "mode": "duration", "for": length}


def _clock(clock: str, days: int = 0) -> dict[str, Any]:
    return {"kind": "wait", "mode": "time", "clock": clock, "days": days}


def _until(event: str, timeout: str) -> dict[str, Any]:
    return {"kind": "wait", "mode": "event", "event": event, "timeout": timeout}


def _line(entry: Mapping[str, Any], *nodes: dict[str, Any], goal: str = "7d", **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a graph
    """Nodes that follow each other from the top down; one that names its ways itself keeps them."""
    named: dict[str, dict[str, Any]] = {}
    for place, node in enumerate(nodes, start=1):
        after = f"n{place + 1}" if place < len(nodes) else None
        one = {"at": [0, place * _GAP], **node}
        if node["kind"] == "wait" and node["mode"] == "event":
            one = {"timeout_next": after, "then": None, **one}
        elif node["kind"] not in {"exit", "split"}:
            one = {"next": after, **one}
        named[f"n{place}"] = one
    found: dict[str, Any] = {"entry": dict(entry), "start": "n1", "nodes": named, "stale_after": "1d"}
    return found | {"goal": {"event": ORDER, "within": goal, "since": "entry", "is_end": True}, "holdout_basis_points": 1000} | rest


def _audience(reentry: str = "cooldown", **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {"trigger": {"kind": "audience", "audience": "", "who": "both"}, "reentry": reentry, **rest}


def _event(event: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {"trigger": {"kind": "event", "event": event}, **rest}


TEMPLATES: tuple[JourneyTemplate, ...] = (
    JourneyTemplate(
        "newcomers_7_days",
        "新客7天培育",
        "Seven days with newcomers",
        "首购（或新加好友）后的七天：感谢、教会使用、打消顾虑，再推动第二单；下单即结束。",
        "The seven days after a first purchase: thank, teach, answer doubts, then move to a second order; an order ends it.",
        _line(
            _audience("never"),
            _clock("10:00", 1),
            _send("第1天 感谢与使用指引"),
            _clock("10:00", 2),
            _send("第3天 使用技巧"),
            _clock("20:00", 2),
            _send("第5天 真实评价与答疑"),
            _clock("10:00", 2),
            {
                "kind": "split",
                "mode": "first",
                "name": "看过内容吗",
                "branches": [{"id": "opened", "if": {"did": "Link Opened", "within": "7d"}, "next": "n9"}],
                "else": "n10",
            },
            _send("第7天 专属优惠（看过内容）", next=None, at=[-140, 9 * _GAP]),
            _task("第7天 导购一对一跟进", next=None, at=[140, 9 * _GAP]),
        ),
    ),
    JourneyTemplate(
        "abandoned_cart",
        "弃单挽回",
        "Carts left behind",
        "加购后没有付款：一小时后提醒，第二天再答疑一次；付款立即停止。",
        "Put into the cart and not paid: a reminder after an hour, another the next day; paying stops it at once.",
        _line(
            _event(CART, reentry="cooldown", cooldown="3d"),
            _until(ORDER, "1h"),
            _send("加购提醒"),
            _until(ORDER, "1d"),
            _send("顾虑解答"),
            goal="3d",
            exits=[_BOUGHT],
        ),
    ),
    JourneyTemplate(
        "repurchase_cycle",
        "复购周期提醒",
        "When it runs out",
        "按每位会员自己的复购周期，在用完前三天提醒；七天后仍未买，请导购跟进。",
        "By each member's own cycle, three days before it runs out; a guide follows up after a week.",
        _line(
            {"trigger": {"kind": "date", "trait": "repurchase.next_at", "days": -3, "clock": "10:00"}, "reentry": "after_exit"},
            _send("用完前提醒"),
            _until(ORDER, "7d"),
            _task("导购跟进补货"),
            goal="14d",
            exits=[_BOUGHT],
        ),
    ),
    JourneyTemplate(
        "wake_sleepers",
        "沉睡唤醒",
        "Waking sleepers",
        "很久没有购买的会员：先给内容，再给理由，最后给优惠；任何一步下单即结束。",
        "Members who have not bought for long: content first, then a reason, then an offer.",
        _line(
            _audience("cooldown", cooldown="90d"),
            _clock("20:00"),
            _send("想念你：新品与内容"),
            _wait("5d"),
            {"kind": "coupon", "name": "唤醒券", "coupon": "唤醒券"},
            _clock("10:00"),
            _send("专属唤醒优惠"),
            goal="30d",
            exits=[_BOUGHT],
        ),
    ),
    JourneyTemplate(
        "birthday",
        "生日关怀",
        "Birthday",
        "生日前三天送祝福与生日礼，当天再提醒一次；每年一次。",
        "Wishes and a gift three days before the birthday, a reminder on the day; once a year.",
        _line(
            {
                "trigger": {"kind": "date", "attribute": "birthday", "days": -3, "clock": "10:00", "is_yearly": True},
                "reentry": "after_exit",
            },
            {"kind": "coupon", "name": "生日礼券", "coupon": "生日礼券"},
            {"kind": "points", "name": "生日积分", "points": 200},
            _send("生日祝福与礼遇"),
            _clock("09:30", 3),
            _send("生日当天提醒"),
            goal="14d",
        ),
    ),
    JourneyTemplate(
        "group_welcome",
        "入群欢迎",
        "Welcome to the group",
        "客户入群后：十分钟内发群规与福利，第二天介绍活动，第三天打上群标签。",
        "After somebody joins a group: rules and benefits within ten minutes, activities the next day, then a tag.",
        _line(
            _event(JOINED, reentry="cooldown", cooldown="30d"),
            _wait("10m"),
            _send("入群欢迎与群规"),
            _clock("10:00", 1),
            _send("群内活动介绍"),
            {"kind": "tag", "name": "打标签", "put": ["社群/已入群"]},
            goal="14d",
            holdout_basis_points=0,
        ),
    ),
    JourneyTemplate(
        "share_invitation",
        "晒单邀请",
        "Invitation to show",
        "签收一段时间后邀请晒单；每笔订单单独计算，退款即停止。",
        "Invites to show the purchase some days after an order; each order by itself, a refund stops it.",
        _line(
            _event(ORDER, key="order_no", reentry="never"),
            _wait("10d"),
            _clock("20:00"),
            _send("晒单有礼邀请", capped="wait", capped_for="1d"),
            _until(REVIEWED, "7d"),
            _send("最后提醒"),
            exits=[{"event": "Order Refunded"}, {"event": "Order Cancelled"}],
            holdout_basis_points=0,
        )
        | {"goal": {"event": REVIEWED, "within": "21d", "since": "entry", "is_end": True}},
    ),
    JourneyTemplate(
        "bad_review",
        "差评安抚",
        "After a bad review",
        "出现差评立刻派给导购，一天后没有回访再次提醒；安抚完成后送上致歉礼。",
        "A bad review goes to the guide at once, again after a day; an apology follows.",
        _line(
            {
                "trigger": {"kind": "event", "event": REVIEWED, "where": [{"property": "rating", "lte": 2}]},
                "reentry": "cooldown",
                "cooldown": "7d",
            },
            _task("立即回访", purpose="service", priority=90),
            _wait("1d"),
            {"kind": "coupon", "name": "致歉券", "coupon": "致歉券"},
            _send("致歉与补偿", purpose="service"),
            {"kind": "tag", "name": "打标签", "put": ["服务/差评已安抚"]},
            goal="30d",
            holdout_basis_points=0,
        ),
    ),
)


def graph_of(template_id: str) -> dict[str, Any]:
    """A copy of a template's graph. Raises TemplateUnknown."""
    found = next((one for one in TEMPLATES if one.id == template_id), None)
    if found is None:
        raise TemplateUnknown
    return copy.deepcopy(dict(found.graph))
