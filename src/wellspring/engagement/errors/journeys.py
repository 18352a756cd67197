"""Why a journey, a version or a run of one is refused."""

from collections.abc import Mapping, Sequence

from wellspring.kernel.errors import WellspringError


class JourneyUnknown(WellspringError):
    """There is no such journey."""

    status = 404
    code = "engagement.journey_unknown"
    zh = "没有这个客户旅程。"
    en = "There is no such journey."


class JourneyNameTaken(WellspringError):
    """Two journeys of one name could not be told apart."""

    status = 409
    code = "engagement.journey_name_taken"
    zh = "已有名为“{name}”的客户旅程。"
    en = "There is a journey named “{name}” already."


class JourneyEditedElsewhere(WellspringError):
    """Somebody saved another edit meanwhile (V08)."""

    status = 409
    code = "engagement.journey_edited_elsewhere"
    zh = "{by} 刚刚保存了另一份修改（第 {revision} 版草稿）；请载入后再改，以免覆盖。"
    en = "Another edit was saved meanwhile by {by} (revision {revision}): load it first, so that nothing is overwritten."


class GraphInvalid(WellspringError):
    """The graph cannot run as it is."""

    status = 422
    code = "engagement.graph_invalid"
    zh = "旅程画布有 {count} 处问题：{first}"
    en = "The canvas has {count} problems: {first}"

    def __init__(self, faults: Sequence[Mapping[str, str]]) -> None:
        super().__init__(count=len(faults), first="; ".join(f"{one['zh']} / {one['en']}" for one in faults[:1]))
        self.errors = [dict(one) for one in faults]


class PlanIncomplete(WellspringError):
    """People stand at nodes that the new version does not have (V02)."""

    status = 409
    code = "engagement.plan_incomplete"
    zh = "节点 {nodes} 里还有人，新版本没有这些节点：请为每个节点选择“留在旧版本”“移到”或“退出”。"
    en = "There are people at {nodes}, which the new version does not have: choose for each to stay, move or exit."


class JourneyNotSo(WellspringError):
    """The journey does not stand where this could be done."""

    status = 409
    code = "engagement.journey_not_so"
    zh = "旅程当前状态为“{state}”，不能这样操作。"
    en = "The journey is “{state}”, where this cannot be done."


class TemplateUnknown(WellspringError):
    """There is no such template."""

    status = 404
    code = "engagement.template_unknown"
    zh = "没有这个模板。"
    en = "There is no such template."


class DryRunTooLong(WellspringError):
    """A replay covers at most so many days."""

    status = 422
    code = "engagement.dry_run_too_long"
    zh = "一次试跑最多覆盖 {days} 天。"
    en = "A dry run covers at most {days} days."
