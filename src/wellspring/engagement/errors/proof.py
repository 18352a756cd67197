"""Why an experiment or a holdout is refused."""

from wellspring.kernel.errors import WellspringError


class ExperimentUnknown(WellspringError):
    """There is no such experiment."""

    status = 404
    code = "engagement.experiment_unknown"
    zh = "没有这个实验。"
    en = "There is no such experiment."


class DesignRefused(WellspringError):
    """An experiment that could not be read, or would leave too many alone."""

    status = 422
    code = "engagement.design_refused"
    zh = "实验设计不可用：{reason_zh}"
    en = "The design cannot be taken: {reason_en}"


class HoldoutMissing(WellspringError):
    """There is no workspace-wide holdout to refresh."""

    status = 409
    code = "engagement.holdout_missing"
    zh = "尚未设置全局对照组。"
    en = "There is no workspace-wide holdout yet."
