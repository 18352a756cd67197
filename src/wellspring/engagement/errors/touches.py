"""Why a rule, a dead letter or a touch cannot be taken, found or changed."""

from wellspring.kernel.errors import WellspringError


class RuleUnknown(WellspringError):
    """There is no such rule."""

    status = 404
    code = "engagement.rule_unknown"
    zh = "没有这条触达规则。"
    en = "There is no such rule of touching."


class RuleChanged(WellspringError):
    """Somebody else changed it meanwhile."""

    status = 409
    code = "engagement.rule_changed"
    zh = "这条规则已被他人修改，请刷新后重试。"
    en = "Somebody changed this rule meanwhile: reload and try again."


class RuleRefused(WellspringError):
    """A rule that cannot be kept."""

    status = 422
    code = "engagement.rule_refused"
    zh = "触达规则不可用：{field}（{reason}）。"
    en = "The rule cannot be taken: {field} ({reason})."


class LetterUnknown(WellspringError):
    """There is no such dead letter."""

    status = 404
    code = "engagement.letter_unknown"
    zh = "没有这封死信，或已经处理。"
    en = "There is no such dead letter, or it has been settled."


class ChannelCannot(WellspringError):
    """The channel is not connected or cannot do what is asked."""

    status = 422
    code = "engagement.channel_cannot"
    zh = "该渠道不支持此操作，或尚未连接账号：{channel}。"
    en = "The channel cannot do that, or has no account: {channel}."
