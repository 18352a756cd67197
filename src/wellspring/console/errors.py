"""What the console refuses beyond what the domains refuse."""

from wellspring.kernel.errors import Conflict, Invalid


class NotEmpty(Conflict):
    """The demo brand goes into an empty workspace only."""

    code = "console.not_empty"
    zh = "工作区里已经有数据，演示品牌只能载入空的工作区。"
    en = "The workspace already holds something; the demo brand is loaded into an empty one only."


class CurrencyFixed(Conflict):
    """Amounts are kept in minor units of the workspace's currency, so it cannot change under them."""

    code = "console.currency_fixed"
    zh = "已经有订单或事件，工作区币种不能再修改（现为 {currency}）。"
    en = "There are orders or events already: the workspace's currency ({currency}) can no longer change."


class FilterUnreadable(Invalid):
    """A filter of a list is not written as it must be."""

    code = "console.filter_unreadable"
    zh = "筛选条件 {filter} 的写法不对：应为 类型:值，或 类型:命名空间:值。"
    en = "The filter {filter} is not readable: write kind:value, or kind:namespace:value."
