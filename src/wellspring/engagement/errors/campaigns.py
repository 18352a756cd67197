"""Why a campaign or a calendar cannot be taken, found or changed."""

from wellspring.kernel.errors import WellspringError


class CampaignUnknown(WellspringError):
    """There is no such campaign."""

    status = 404
    code = "engagement.campaign_unknown"
    zh = "没有这个群发任务。"
    en = "There is no such campaign."


class CampaignChanged(WellspringError):
    """Somebody else changed it meanwhile."""

    status = 409
    code = "engagement.campaign_changed"
    zh = "任务已被他人修改，请刷新后重试。"
    en = "Somebody changed this campaign meanwhile: reload and try again."


class CampaignState(WellspringError):
    """The campaign's state does not allow that."""

    status = 409
    code = "engagement.campaign_state"
    zh = "任务当前状态（{state}）不允许此操作。"
    en = "A campaign that is {state} does not take that."


class CampaignRefused(WellspringError):
    """A campaign that cannot be kept or launched."""

    status = 422
    code = "engagement.campaign_refused"
    zh = "任务不可用：{field}（{reason}）。"
    en = "The campaign cannot be taken: {field} ({reason})."


class CalendarUnknown(WellspringError):
    """There is no such calendar."""

    status = 404
    code = "engagement.calendar_unknown"
    zh = "没有这个营销日历。"
    en = "There is no such marketing calendar."


class CalendarInUse(WellspringError):
    """A campaign goes by this calendar."""

    status = 409
    code = "engagement.calendar_in_use"
    zh = "有任务正在使用这个营销日历：{name}。"
    en = "The campaign {name} goes by this calendar."
