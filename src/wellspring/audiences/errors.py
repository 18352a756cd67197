"""Why a definition is not taken."""

import dataclasses
from collections.abc import Sequence

from wellspring.kernel.errors import NotFound, WellspringError


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a definition, and where: a path such as `$.all[1].where[0].gte`."""

    path: str
    code: str
    zh: str
    en: str


class DefinitionInvalid(WellspringError):
    """The definition breaks the language or one of its limits; `faults` holds everything that was found."""

    status = 422
    code = "audiences.definition_invalid"
    zh = "人群定义有误（共 {faults} 处）：{path} {zh_reason}"
    en = "The definition cannot be taken ({faults} found): {path} {en_reason}"

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(path=first.path, reason=first.code, zh_reason=first.zh, en_reason=first.en, faults=len(faults))
        self.faults = tuple(faults)
        self.errors = [dataclasses.asdict(fault) for fault in faults]


class TextInvalid(WellspringError):
    """The text is not of the language; says where it stops being so."""

    status = 422
    code = "audiences.text_invalid"
    zh = "第 {line} 行第 {column} 个字符：{zh_reason}"
    en = "Line {line}, character {column}: {en_reason}"

    def __init__(self, *, text: str, position: int, zh_reason: str, en_reason: str) -> None:
        before = text[:position]
        line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
        super().__init__(position=position, line=line, column=column, zh_reason=zh_reason, en_reason=en_reason)
        self.position = position


class PurposeMissing(WellspringError):
    """Personal values leave in plain only for a stated purpose."""

    status = 422
    code = "audiences.purpose_missing"
    zh = "导出明文个人信息必须填写用途（至少 {limit} 个字）。"
    en = "Say what the plain personal values are for (at least {limit} characters)."


class ColumnUnknown(WellspringError):
    """An export has no such column."""

    status = 422
    code = "audiences.column_unknown"
    zh = "没有名为“{name}”的导出列。"
    en = "There is no column {name} to export."


class ListTooLong(WellspringError):
    """A list is longer than one audience takes at a time."""

    status = 413
    code = "audiences.list_too_long"
    zh = "名单最多 {limit} 行。"
    en = "A list has at most {limit} lines."


class WebhookUnknown(NotFound):
    """There is no such webhook."""

    code = "audiences.webhook_unknown"
    zh = "没有这个推送地址。"
    en = "There is no such webhook."


class WebhooksTooMany(WellspringError):
    """An audience tells so many at the most."""

    status = 409
    code = "audiences.webhooks_too_many"
    zh = "每个人群最多 {limit} 个推送地址。"
    en = "An audience has at most {limit} webhooks."


class ScopeTooNarrow(WellspringError):
    """A webhook tells of all members, so it takes somebody who may see all of them."""

    status = 403
    code = "audiences.scope_too_narrow"
    zh = "推送会包含全部成员，只有可查看全品牌数据的用户才能设置。"
    en = "A webhook tells of all members: only somebody who may see the whole brand can set it up."


class InstantAhead(WellspringError):
    """Nobody knows yet what will be."""

    status = 422
    code = "audiences.instant_ahead"
    zh = "只能按现在或过去的时刻计算。"
    en = "Only the present or a past instant can be asked about."


class AudienceUnknown(NotFound):
    """There is no such audience."""

    code = "audiences.audience_unknown"
    zh = "没有这个人群。"
    en = "There is no such audience."


class NameTaken(WellspringError):
    """Another audience has the name."""

    status = 409
    code = "audiences.name_taken"
    zh = "已有名为“{name}”的人群。"
    en = 'There is an audience named "{name}" already.'


class AudienceInUse(WellspringError):
    """Others are defined by it."""

    status = 409
    code = "audiences.in_use"
    zh = "该人群正被引用，不能删除：{users}"
    en = "The audience is in use and cannot be deleted: {users}"


class SeedTooSmall(WellspringError):
    """Too few of the seed have bought to learn from."""

    status = 422
    code = "audiences.seed_too_small"
    zh = "种子人群中有购买记录的只有 {seed} 人，至少需要 {limit} 人，且种子之外也要有购买者。"
    en = "Only {seed} of the seed have bought; at least {limit} are needed, and buyers outside the seed."


class LeafTooSlow(WellspringError):
    """A leaf took longer than is allowed."""

    status = 503
    code = "audiences.leaf_too_slow"
    zh = "条件“{leaf}”计算超过 {seconds} 秒，已停止；请缩小时间范围后再试。"
    en = "The condition {leaf} took longer than {seconds} seconds and was stopped: try a shorter window."
