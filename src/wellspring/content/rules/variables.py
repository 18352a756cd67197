"""The typed catalogue of what a text may speak of, how each value is written, and what is missing."""

import datetime as dt
from collections.abc import Iterable, Mapping

from wellspring.content.contracts import Variable, VariableType
from wellspring.kernel import wording
from wellspring.kernel.money import minor_digits

# What hangs on a member as attributes stands one level deeper: {{ member.attributes.skin_type }}.
ATTRIBUTES = "attributes"
_T = VariableType
# Known of everybody: what the sender fills in, or the workspace itself.
_ALWAYS = True

BUILTIN: tuple[Variable, ...] = (
    Variable("member.name", _T.TEXT, "客户称呼", "The member's name", "小雨", is_personal=True),
    Variable("member.orders", _T.NUMBER, "付款订单数", "Paid orders", "3", is_always_known=_ALWAYS),
    Variable("member.revenue", _T.MONEY, "累计消费", "Money spent", "1288.00", is_always_known=_ALWAYS),
    Variable("member.first_order_on", _T.DATE, "首次购买日", "Day of the first order", "2026-03-08"),
    Variable("member.last_order_on", _T.DATE, "最近购买日", "Day of the last order", "2026-10-05"),
    Variable("member.last_product", _T.TEXT, "最近购买的商品", "What was bought last", "氨基酸洁面乳 100 ml"),
    Variable("staff.name", _T.TEXT, "员工姓名", "The staff member's name", "林晓"),
    Variable("staff.title", _T.TEXT, "员工职位", "The staff member's title", "门店顾问"),
    Variable("store.name", _T.TEXT, "门店名称", "The store's name", "静安寺店"),
    Variable("store.address", _T.TEXT, "门店地址", "The store's address", "上海市静安区南京西路 1699 号"),
    Variable("store.phone", _T.TEXT, "门店电话", "The store's phone", "021-62880000"),
    Variable("persona.name", _T.TEXT, "人设名称", "The persona's name", "成分党小林"),
    Variable("brand.name", _T.TEXT, "品牌名称", "The brand's name", "活水", is_always_known=_ALWAYS),
    Variable("campaign.name", _T.TEXT, "活动名称", "The campaign's name", "会员日"),
    Variable("order.no", _T.TEXT, "订单号（旅程）", "The order's number (journeys)", "SO-20261005-001"),
    Variable("order.product", _T.TEXT, "订单商品（旅程）", "The order's product (journeys)", "氨基酸洁面乳 100 ml"),
    Variable("order.total", _T.MONEY, "订单金额（旅程）", "The order's total (journeys)", "268.00"),
    Variable("order.url", _T.LINK, "订单链接（旅程）", "The order's address (journeys)", "https://shop.example.com/o/001"),
    Variable("today.date", _T.DATE, "发送当天", "The day of sending", "2026-11-05", is_always_known=_ALWAYS),
)
_KNOWN = {one.path for one in BUILTIN}
_GROUPS = sorted({one.path.partition(".")[0] for one in BUILTIN})
_KINDS = {"number": _T.NUMBER, "boolean": _T.BOOLEAN, "bool": _T.BOOLEAN, "date": _T.DATE, "instant": _T.DATE}
_EXAMPLES = {_T.NUMBER: "3", _T.BOOLEAN: "true", _T.DATE: "2026-11-05", _T.TEXT: "…"}


def attribute(name: str, kind: str) -> Variable:
    """An attribute of members as a variable."""
    type_ = _KINDS.get(kind, _T.TEXT)
    return Variable(f"member.{ATTRIBUTES}.{name}", type_, f"客户属性：{name}", f"Attribute: {name}", _EXAMPLES[type_])


def path_of(named: tuple[str, ...]) -> str:
    """A variable that a text names, as the catalogue writes it; `.size`, `.first` and `.last` belong to Liquid."""
    size = 3 if len(named) > 2 and named[1] == ATTRIBUTES else 2
    return ".".join(named[:2] if size == 2 else (*named[:2], ".".join(named[2:])))


def unknown(named: Iterable[tuple[str, ...]], attributes: Iterable[str]) -> list[str]:
    """The variables that nobody knows, in order."""
    known = _KNOWN | {f"member.{ATTRIBUTES}.{name}" for name in attributes}
    return sorted({path for one in named if (path := path_of(one)) not in known})


def example(attributes: Iterable[Variable] = ()) -> dict[str, dict[str, object]]:
    """Every variable with its example, as a text is tried with."""
    found: dict[str, dict[str, object]] = {}
    for one in BUILTIN:
        group, _, name = one.path.partition(".")
        found.setdefault(group, {})[name] = one.example
    found["member"][ATTRIBUTES] = {one.path.split(".", 2)[2]: one.example for one in attributes}
    return found


def filled_in(fields: Mapping[str, Mapping[str, object]], fallbacks: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """The fields with what stands in for those that have no value; an empty text is no value."""
    # Every group is there, so that what is missing is named by its whole path.
    full: dict[str, dict[str, object]] = {group: {} for group in _GROUPS} | {group: _given(values) for group, values in fields.items()}
    full["member"].setdefault(ATTRIBUTES, {})
    for path, text in fallbacks.items():
        if not text:
            continue
        group, _, name = path.partition(".")
        place = full.setdefault(group, {})
        if name.startswith(f"{ATTRIBUTES}."):
            held = place.get(ATTRIBUTES)
            place[ATTRIBUTES] = {name.removeprefix(f"{ATTRIBUTES}."): text, **(held if isinstance(held, dict) else {})}
        else:
            place.setdefault(name, text)
    return full


def _given(values: Mapping[str, object]) -> dict[str, object]:
    # The mark that stands for a link must not come in with somebody's name.
    plain = {name: value.replace("\ue000", "") if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in plain.items() if value not in (None, "")}


def missing(sentence: str) -> str:
    """The variable that Liquid's complaint names, empty where it complains of something else."""
    name, found, _ = sentence.partition(" is undefined")
    return name.strip() if found else ""


def money(amount_minor: int, currency: str) -> str:
    """An amount as a sentence writes it."""
    digits = minor_digits(currency)
    return f"{amount_minor / 10**digits:.{digits}f}"


def day(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """The local day, to be written by the filter `day`."""
    return instant.astimezone(zone).date().isoformat()


def tried(text: str, fields: Mapping[str, Mapping[str, object]]) -> str:
    """The text with these fields. Raises ValueError."""
    return wording.filled(text, fields, is_forgiving=True)
