"""What can be wrong with a definition, in both languages, and the collector that goes on after the first fault."""

from collections.abc import Mapping

from wellspring.audiences.errors import DefinitionInvalid, Fault

# More than a person mends in one go; a broken machine writes thousands.
FAULTS_MAX = 50

_REASONS: Mapping[str, tuple[str, str]] = {
    "too_deep": ("嵌套超过 {limit} 层", "is nested deeper than {limit} nodes"),
    "too_many_leaves": ("条件超过 {limit} 个", "has more than {limit} leaves"),
    "too_large": ("定义超过 {limit} KB", "is larger than {limit} KB"),
    "too_many": ("最多 {limit} 项", "takes at most {limit}"),
    "not_json": ("不是 JSON 能表示的内容", "is nothing that JSON can hold"),
    "not_object": ("必须是对象", "must be an object"),
    "not_list": ("必须是数组", "must be an array"),
    "empty_list": ("数组不能为空", "must not be empty"),
    "kind_missing": ("无法识别的条件：{keys}", "is no known node or leaf: {keys}"),
    "kind_several": ("一个条件只能有一种类型，这里有：{keys}", "must be of one kind, and has {keys}"),
    "unknown_key": ("此处不能使用 {key}", "the key {key} is not known here"),
    "key_missing": ("缺少 {key}", "{key} is missing"),
    "not_true": ("只能是 true", "can only be true"),
    "not_name": ("必须是 1–{limit} 个字符的文本，不含控制字符", "must be text of 1 to {limit} characters without control characters"),
    "not_text": ("必须是不超过 {limit} 个字符的文本", "must be text of at most {limit} characters"),
    "not_property": ("不是属性路径；请写成 total 或 lines[].sku", "is no property path; write total or lines[].sku"),
    "not_scalar": ("必须是文本、数字或布尔值", "must be text, a number or a boolean"),
    "null": ("null 即缺失，请使用 missing", "null is missing: use missing"),
    "not_number": ("必须是数字", "must be a number"),
    "number_range": ("数字超出范围", "is a number out of range"),
    "not_range": ("必须是由小到大的两个数字", "must be two numbers, the lower one first"),
    "not_duration": (
        "必须是时长，如 90d、12h、30m，最长 100 年",
        "must be a duration such as 90d, 12h or 30m, and at most a hundred years",
    ),
    "zero_duration": ("时长必须大于零", "must be longer than nothing"),
    "not_days": ("必须是整天数，如 7d", "must be whole days, such as 7d"),
    "not_instant": (
        "必须是时长（30d）或时间（2026-01-01T00:00:00Z）",
        "must be a duration (30d) or an instant (2026-01-01T00:00:00Z)",
    ),
    "not_window": (
        "必须是时长（90d）或 calendar day、calendar week、calendar month",
        "must be a duration (90d), calendar day, calendar week or calendar month",
    ),
    "not_between": (
        "必须是两个时间，先早后晚，起点含、终点不含",
        "must be two instants, the earlier one first; the first is included, the second is not",
    ),
    "between_mixed": ("必须是两个数字或两个时间", "must be two numbers or two instants"),
    "between_not_window": (
        "此处的 between 只能比较数字；时间请用 after 和 before",
        "compares numbers here; of dates use after and before",
    ),
    "not_zone": ("只能是 member 或 workspace", "can only be member or workspace"),
    "zone_useless": ("in 只用于日历窗口或 days", "in names the zone of a calendar window or of days, and there is neither"),
    "several_windows": ("只能有一个时间窗口", "takes one window"),
    "several_comparisons": ("只能有一个比较，这里有：{keys}", "takes one comparison, and has {keys}"),
    "comparison_missing": ("缺少比较，如 is、gte、exists", "needs a comparison, such as is, gte or exists"),
    "comparison_unfit": ("此处不能用 {key} 比较", "{key} does not compare this"),
    "always": ("次数与合计总有值，exists 与 missing 没有意义", "is never missing: exists and missing tell nothing of it"),
    "missing_window": (
        "missing 不能带时间窗口；请用 did 与 is 0",
        "has a window and cannot be missing in it: write did with is 0",
    ),
    "not_measure": (
        "必须恰好是一种度量：count、days、sum、avg、min、max、distinct",
        "must be one of count, days, sum, avg, min, max, distinct",
    ),
    "not_relation": ("必须恰好是 staff、store、dealer、region 之一", "must be one of staff, store, dealer, region"),
    "few_steps": ("序列至少要有两步，其中至少一步是 did", "a sequence has at least two steps, one of them a did"),
    "step_kind": ("必须恰好有 did 或 did_not 之一", "must have either did or did_not"),
    "step_first": ("第一步之前没有步骤，不能有 within", "the first step has no step before it, and takes no within"),
    "step_absent": ("did_not 作用于前后两步之间，不能有 within", "did_not holds between its neighbours, and takes no within"),
    "not_percent": ("必须是 0 到 100 之间由小到大的两个不同数字", "must be two different numbers from 0 to 100, the lower one first"),
    "not_share": ("必须大于 0 且不超过 100", "must be more than 0 and at most 100"),
    "not_size": ("必须是 1 到 {limit} 的整数", "must be a whole number from 1 to {limit}"),
}


class Faults:
    """Everything found so far; `end` raises it."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, reason: str, **params: str | int) -> None:
        """Notes one fault; beyond the fiftieth none."""
        if len(self.found) < FAULTS_MAX:
            zh, en = _REASONS[reason]
            self.found.append(Fault(path, reason, zh=zh.format_map(params), en=en.format_map(params)))

    def end(self) -> None:
        """Raises DefinitionInvalid if anything was wrong."""
        if self.found:
            raise DefinitionInvalid(self.found)
