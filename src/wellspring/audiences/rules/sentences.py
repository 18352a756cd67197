"""One sentence of why a node holds of a member or does not, with what was measured, in both languages."""

import datetime as dt
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wellspring.audiences.rules import tree
from wellspring.audiences.rules.durations import DAY, HOUR, MINUTE, SECOND
from wellspring.audiences.rules.meaning import Verdict
from wellspring.audiences.rules.tree import Between, Calendar, Comparison, Duration, MeasureKind, Op, Rolling, Window
from wellspring.kernel.clock import from_millis


class Sentence(NamedTuple):
    """The same said in zh-CN and in English."""

    zh: str
    en: str


_OPS = {
    Op.IS: ("等于", "to be"),
    Op.IS_NOT: ("不等于", "not to be"),
    Op.IN: ("属于", "to be one of"),
    Op.NOT_IN: ("不属于", "to be none of"),
    Op.GT: (">", ">"),
    Op.GTE: ("≥", "≥"),
    Op.LT: ("<", "<"),
    Op.LTE: ("≤", "≤"),
    Op.BETWEEN: ("介于", "between"),
    Op.EXISTS: ("有值", "to be there"),
    Op.MISSING: ("没有值", "to be missing"),
    Op.CONTAINS: ("包含", "to contain"),
    Op.STARTS_WITH: ("开头是", "to start with"),
    Op.INCLUDES: ("列表含有", "to include"),
    Op.BEFORE: ("早于", "before"),
    Op.AFTER: ("晚于", "after"),
    Op.WITHIN_LAST: ("在过去", "within the last"),
    Op.WITHIN_NEXT: ("在未来", "within the next"),
    Op.ANNIVERSARY: ("周年日在未来", "the anniversary within the next"),
}
_MEASURES = {
    MeasureKind.COUNT: ("{n} 次", "{n} times"),
    MeasureKind.DAYS: ("{n} 天", "on {n} days"),
    MeasureKind.SUM: ("{p} 合计 {n}", "{p} adds up to {n}"),
    MeasureKind.AVG: ("{p} 平均 {n}", "{p} is {n} on average"),
    MeasureKind.MIN: ("{p} 最小 {n}", "{p} is {n} at the least"),
    MeasureKind.MAX: ("{p} 最大 {n}", "{p} is {n} at the most"),
    MeasureKind.DISTINCT: ("{p} 有 {n} 种", "{n} different {p}"),
}
_UNITS = {"d": (DAY, "天", "day"), "h": (HOUR, "小时", "hour"), "m": (MINUTE, "分钟", "minute"), "s": (SECOND, "秒", "second")}
_CALENDAR = {tree.Unit.DAY: ("今天", "today"), tree.Unit.WEEK: ("本周", "this week"), tree.Unit.MONTH: ("本月", "this month")}
# Of these the proof is a plain yes or no: what holds, and what does not.
_STATES: dict[type, tuple[str, str, str, str]] = {
    tree.Tag: ("带有标签“{0}”", "没有标签“{0}”", "carries the tag {0}", "does not carry the tag {0}"),
    tree.ServedBy: ("由 {0} {1} 服务", "不由 {0} {1} 服务", "is served by {0} {1}", "is not served by {0} {1}"),
    tree.InGroup: ("在客户群 {0} 中", "不在客户群 {0} 中", "is in the group {0}", "is not in the group {0}"),
    tree.Reachable: ("可以通过 {0} 触达", "不能通过 {0} 触达", "can be reached on {0}", "cannot be reached on {0}"),
    tree.Consent: ("已同意 {0}", "未同意 {0}", "has agreed to {0}", "has not agreed to {0}"),
    tree.AudienceRef: ("属于人群“{0}”", "不属于人群“{0}”", "is in the audience {0}", "is not in the audience {0}"),
    tree.Like: (
        "属于与“{0}”最相似的 {1} 人",
        "不属于与“{0}”最相似的 {1} 人",
        "is among the {1} most like {0}",
        "is not among the {1} most like {0}",
    ),
}


def sentence(verdict: Verdict, node: tree.Node, zone: ZoneInfo, names: dict[str, str]) -> Sentence:
    """Why the verdict on the node is as it is; `names` are of audiences by id."""
    match node:
        case tree.All() | tree.Any() | tree.Not():
            return _of_branch(verdict, node)
        case tree.Did():
            return _of_did(verdict, node, zone)
        case tree.Last() | tree.First():
            return _of_instant(verdict, node, zone)
        case tree.Touched(channel, comparison, window):
            return _measured(f"“{channel}”触达", f"touched on {channel}", tree.COUNT, verdict, comparison, window, zone)
        case tree.Sequence():
            zh = "按先后顺序完成了各步" if verdict.holds else "没有按先后顺序完成各步"
            return Sentence(zh, "went through the steps in order" if verdict.holds else "did not go through the steps in order")
        case tree.Attribute(name, comparison) | tree.Trait(name, comparison):
            return _of_value(name, verdict, comparison, zone)
        case _:
            return _of_state(verdict, node, names)


def shown(value: object, zone: ZoneInfo) -> str:
    """A value as people write it: no more than four decimals, instants in the workspace's zone."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Fraction):
        return f"{float(value):.4f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, tuple):
        return ", ".join(shown(part, zone) for part in value)
    return str(value)


def _of_branch(verdict: Verdict, node: tree.Branch) -> Sentence:
    held, total = sum(part.holds for part in verdict.parts), len(verdict.parts)
    if isinstance(node, tree.Not):
        part = verdict.parts[0].holds
        return Sentence(
            "被排除的条件成立" if part else "被排除的条件不成立", f"the condition excluded {'holds' if part else 'does not hold'}"
        )
    if not total:
        is_all = isinstance(node, tree.All)
        return Sentence("所有人" if is_all else "没有人", "everybody" if is_all else "nobody")
    if isinstance(node, tree.All):
        return Sentence(f"{total} 个条件需全部成立，成立 {held} 个", f"{held} of {total} conditions hold, all are needed")
    return Sentence(f"{total} 个条件任一成立即可，成立 {held} 个", f"{held} of {total} conditions hold, one is needed")


def _of_did(verdict: Verdict, leaf: tree.Did, zone: ZoneInfo) -> Sentence:
    such = ("（符合条件的）", " (matching)") if leaf.where else ("", "")
    return _measured(f"“{leaf.event}”{such[0]}", f"{leaf.event}{such[1]}", leaf.measure, verdict, leaf.comparison, leaf.window, zone)


def _measured(
    zh: str, en: str, measure: tree.Measure, verdict: Verdict, comparison: Comparison, window: Window | None, zone: ZoneInfo
) -> Sentence:
    value = verdict.proof.value
    said = _MEASURES[measure.kind]
    when = _window(window)
    if value is None:
        return Sentence(f"{when.zh}{zh}没有数值", f"{en}{when.en}: no value")
    found = [text.format(n=shown(value, zone), p=measure.property) for text in said]
    wanted = _wanted(comparison, zone)
    return Sentence(f"{when.zh}{zh} {found[0]}，要求{wanted.zh}", f"{en}{when.en}: {found[1]}, wanted {wanted.en}")


def _of_instant(verdict: Verdict, leaf: tree.Last | tree.First, zone: ZoneInfo) -> Sentence:
    which = ("最近一次", "last") if isinstance(leaf, tree.Last) else ("首次", "first")
    at = verdict.proof.value
    if not isinstance(at, int):
        return Sentence(f"从未发生“{leaf.event}”", f"{leaf.event} never happened")
    when = shown(from_millis(at), zone)
    zh, en = f"{which[0]}“{leaf.event}”在 {when}", f"the {which[1]} {leaf.event} was at {when}"
    if leaf.comparison is not None:
        wanted = _wanted(leaf.comparison, zone)
        zh, en = f"{zh}，要求{wanted.zh}", f"{en}, wanted {wanted.en}"
    if leaf.window is not None:
        window = _window(leaf.window)
        zh, en = f"{zh}，要求在{window.zh}内", f"{en}, wanted{window.en}"
    return Sentence(zh, en)


def _of_value(name: str, verdict: Verdict, comparison: Comparison, zone: ZoneInfo) -> Sentence:
    value, wanted = verdict.proof.value, _wanted(comparison, zone)
    if isinstance(verdict.node, tree.AudienceRef):
        # A personal value: it was compared where it lies sealed, and is not told.
        zh, en = ("符合", "is as wanted") if verdict.holds else ("不符合", "is not as wanted")
        return Sentence(f"{name} {zh}要求（{wanted.zh}）", f"{name} {en} ({wanted.en})")
    if value is None:
        return Sentence(f"{name} 没有值，要求{wanted.zh}", f"{name} is missing, wanted {wanted.en}")
    return Sentence(f"{name} 是 {shown(value, zone)}，要求{wanted.zh}", f"{name} is {shown(value, zone)}, wanted {wanted.en}")


def _of_state(verdict: Verdict, node: tree.Node, names: dict[str, str]) -> Sentence:
    match node:
        case tree.Sample(salt, low, high):
            value = verdict.proof.value
            place = f"{value / 100:.2f}%" if isinstance(value, int | float) else "?"
            return Sentence(
                f"抽样“{salt}”落在 {place}，要求 {low}%–{high}%", f"falls on {place} of the sample {salt}, wanted {low}%–{high}%"
            )
        case tree.Top(measure, event, percent):
            what = f"{event} {measure.kind}"
            if verdict.holds:
                return Sentence(f"{what} 排在前 {percent}%", f"is in the top {percent}% by {what}")
            return Sentence(f"{what} 不在前 {percent}%", f"is not in the top {percent}% by {what}")
        case tree.TagGroup(group):
            if verdict.holds:
                return Sentence(f"带有“{group}”组的标签", f"carries a tag of the group {group}")
            return Sentence(f"没有“{group}”组的任何标签", f"carries no tag of the group {group}")
    texts = _STATES[type(node)]
    said = _arguments(node, names)
    zh, en = (texts[0], texts[2]) if verdict.holds else (texts[1], texts[3])
    return Sentence(zh.format(*said), en.format(*said))


def _arguments(node: tree.Node, names: dict[str, str]) -> tuple[object, ...]:
    match node:
        case tree.ServedBy(relation, named):
            return relation.value, named
        case tree.AudienceRef(audience):
            return (names.get(audience, audience),)
        case tree.Like(audience, size):
            return names.get(audience, audience), size
        case tree.Tag(word) | tree.InGroup(word) | tree.Reachable(word) | tree.Consent(word):
            return (word,)
    raise TypeError(node)


def _wanted(comparison: Comparison, zone: ZoneInfo) -> Sentence:
    op, value = comparison.op, comparison.value
    zh, en = _OPS[op]
    if op in {Op.EXISTS, Op.MISSING}:
        return Sentence(zh, en)
    if isinstance(value, Duration):
        long = _length(value.millis)
        if op in {Op.BEFORE, Op.AFTER}:
            return Sentence(f"{zh} {long.zh}前", f"{en} {long.en} ago")
        return Sentence(f"{zh} {long.zh}内", f"{en} {long.en}")
    if op is Op.BETWEEN and isinstance(value, tuple):
        low, high = (shown(part, zone) for part in value)
        return Sentence(f"{zh} {low} 与 {high} 之间", f"{en} {low} and {high}")
    return Sentence(f"{zh} {shown(value, zone)}", f"{en} {shown(value, zone)}")


def _window(window: Window | None) -> Sentence:
    match window:
        case Rolling(millis):
            long = _length(millis)
            return Sentence(f"近 {long.zh}", f" in the last {long.en}")
        case Calendar(unit, _zone):
            zh, en = _CALENDAR[unit]
            return Sentence(zh, f" {en}")
        case Between(start, end):
            return Sentence(f"{start} 至 {end} ", f" from {start} to {end}")
    return Sentence("至今", " so far")


def _length(millis: int) -> Sentence:
    length, zh, en = next((unit for unit in _UNITS.values() if millis % unit[0] == 0), (1, "毫秒", "millisecond"))
    count = millis // length
    return Sentence(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")
