"""Why a row is rejected: stable codes with a sentence in both languages."""

REASONS: dict[str, tuple[str, str]] = {
    "columns_ragged": ("列数与表头不符", "The number of columns differs from the header"),
    "quoting_broken": ("引号不配对", "A quotation mark is not closed"),
    "order_no_missing": ("缺少订单号", "The order number is missing"),
    "time_missing": ("缺少时间", "The time is missing"),
    "time_unreadable": ("时间无法识别", "The time cannot be read"),
    "amount_unreadable": ("金额无法识别", "The amount cannot be read"),
    "quantity_unreadable": ("数量无法识别", "The quantity cannot be read"),
    "number_unreadable": ("数字无法识别", "The number cannot be read"),
    "state_unknown": ("订单状态未映射", "The order state is not mapped"),
    "not_a_sale": ("不是销售（坏账或调整）", "Not a sale (bad debt or an adjustment)"),
    "quantity_negative": ("数量为负且不是取消单（库存调整）", "A negative quantity without a cancellation (stock adjustment)"),
    "amount_negative": ("金额为负", "The amount is negative"),
    "currency_unknown": ("币种与导入设置不同", "The currency is not that of the import"),
    "refund_over_paid": ("退款超过已付金额", "The refund is more than what was paid"),
    "order_unknown": ("找不到对应的订单", "There is no such order"),
    "order_exists": ("订单已存在（仅新增模式）", "The order is there already (insert only)"),
    "buyer_unknown": ("找不到对应的买家", "There is no such buyer"),
    "product_unknown": ("找不到对应的商品", "There is no such product"),
    "buyer_refused": ("买家身份不可用", "The buyer cannot be taken"),
    "suppressed": ("此人已要求删除，不再导入", "This person asked to be erased and is not imported again"),
    "identity_missing": ("没有可用的身份标识", "There is no usable identifier"),
    "member_exists": ("会员已存在（仅新增模式）", "The member is there already (insert only)"),
    "member_unknown": ("会员不存在（仅更新模式）", "There is no such member (update only)"),
    "event_missing": ("缺少事件名称", "The name of the event is missing"),
    "state_missing": ("缺少授权状态", "The state of consent is missing"),
    "consent_state_unknown": ("授权状态无法识别", "The state of consent cannot be read"),
    "tag_too_long": ("标签名称过长", "The name of the tag is too long"),
    "tag_missing": ("缺少标签", "The tag is missing"),
    "name_missing": ("缺少名称", "The name is missing"),
    "code_missing": ("缺少编码", "The code is missing"),
    "unit_unknown": ("找不到对应的组织单元", "There is no such unit"),
    "parent_unknown": ("找不到上级组织", "There is no such parent unit"),
    "row_skipped": ("更新模式不允许此行", "The update mode leaves this row out"),
    "value_refused": ("取值不可用", "A value cannot be taken"),
}


def texts(code: str) -> tuple[str, str]:
    """The sentences of a code, Chinese and English."""
    return REASONS.get(code) or REASONS.get(code.rpartition(".")[2]) or ("不可用", f"Refused: {code}")


def explained(counts: dict[str, int]) -> list[dict[str, object]]:
    """Counts per code with their sentences, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"code": code, "rows": rows, "zh": texts(code)[0], "en": texts(code)[1]} for code, rows in ordered if rows]
