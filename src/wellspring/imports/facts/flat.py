"""The flat form of orders: one row per line with its order's columns beside it, parsed, with the reason of each reject.

Every target field is a column whether it is mapped or not (an unmapped one costs nothing), so that all later SQL is
the same for every file.
"""

from wellspring.imports.contracts import FieldType, Kind, Mapping, Taken
from wellspring.imports.facts import texts
from wellspring.imports.facts.staging import Kept, Staging
from wellspring.imports.facts.texts import quoted
from wellspring.imports.rules.fields import IDENTITY_NAMES
from wellspring.imports.rules.presets import STATE_WORDS

MONEY_FIELDS = ("line_total", "line_discount", "order_total", "order_paid", "order_discount", "shipping", "refund")
_TEXT_FIELDS = ("sku", "product", "category", "store_code", "staff_code", "payment_method")
_TIME_FIELDS = ("placed_at", "paid_at", "cancelled_at", "refund_at")
_WORDS = "LowCardinality(String)"
_MILLIS = "Nullable(DateTime64(3, 'UTC'))"
# Between the identifiers of one buyer: no file holds it.
MARK = "\x1f"
BUYER_NAMES = (*IDENTITY_NAMES, "name")


class FlatColumns:
    """The columns of one mapping over one file, in the order in which they depend on each other."""

    def __init__(self, mapping: Mapping, names: list[str], *, shop: str, currency: str, zone: str, thorough: bool) -> None:
        self.mapping, self.names, self.thorough = mapping, names, thorough
        self.shop, self.currency, self.zone = shop, currency, zone
        self.kept: list[Kept] = []

    def build(self) -> list[Kept]:
        """All of them."""
        self._words()
        self._times()
        self._amounts()
        self._people()
        self._kinds()
        return self.kept

    def text(self, name: str) -> str:
        """The text of a field: column or constant, its part, its value map."""
        taken = self.mapping.fields.get(name)
        return "''" if taken is None else self.taken(taken)

    def taken(self, taken: Taken) -> str:
        """The text that a mapping takes from a row."""
        if taken.column is None:
            return quoted((taken.constant or "").strip())
        text = f"trimBoth(c{self.names.index(taken.column)})"
        if taken.separator and taken.part is not None:
            place = taken.part + 1 if taken.part >= 0 else taken.part
            text = f"trimBoth(arrayElement(splitByString({quoted(taken.separator)}, {text}), {place}))"
        return texts.mapped(text, taken.values)

    def has(self, *names: str) -> bool:
        """Whether one of the fields is mapped."""
        return any(name in self.mapping.fields for name in names)

    def add(self, name: str, kind: str, expression: str, *, is_stored: bool) -> None:
        """Keeps a column."""
        self.kept.append(Kept(name, kind, expression, is_stored))

    def _words(self) -> None:
        self.add(
            "shop",
            _WORDS,
            f"if({self.text('shop')} = '', {quoted(self.shop)}, {self.text('shop')})" if self.has("shop") else quoted(self.shop),
            is_stored=self.has("shop"),
        )
        for name in _TEXT_FIELDS:
            self.add(name, "String", self.text(name), is_stored=self.has(name))
        states = {**STATE_WORDS, **(self.mapping.fields["state"].values if self.has("state") else {})}
        state = texts.mapped(f"lower({self.text('state')})", states, otherwise="'?'")
        self.add("state", _WORDS, state if self.has("state") else "''", is_stored=self.has("state"))

    def _times(self) -> None:
        for name in _TIME_FIELDS:
            taken = self.mapping.fields.get(name)
            when = (
                texts.instant(self.text(name), zone=self.zone, time_format=taken.time_format, thorough=self.thorough) if taken else "NULL"
            )
            self.add(name, _MILLIS, when, is_stored=taken is not None)

    def _amounts(self) -> None:
        quantity = (
            f"if({texts.is_filled(self.text('quantity'))}, {texts.whole(self.text('quantity'), thorough=self.thorough)}, 1)"
            if self.has("quantity")
            else "1"
        )
        self.add("quantity", "Nullable(Int64)", quantity, is_stored=self.has("quantity"))
        self.add("price", "Nullable(Int64)", self.money("price") if self.has("price") else "NULL", is_stored=self.has("price"))
        for name in MONEY_FIELDS:
            amount, is_stored = self.money(name), self.has(name)
            if name == "line_total" and not is_stored and self.has("price"):
                amount, is_stored = texts.product_minor("quantity", self.text("price"), self.currency, thorough=self.thorough), True
                if self.has("line_discount"):
                    amount = f"{amount} - ifNull({self.money('line_discount')}, 0)"
            self.add(name, "Nullable(Int64)", amount if is_stored else "NULL", is_stored=is_stored)

    def money(self, name: str) -> str:
        """A field's amount in minor units."""
        return texts.minor(self.text(name), self.currency, thorough=self.thorough)

    def _people(self) -> None:
        named = [name for name in IDENTITY_NAMES if self.has(f"buyer.{name}")]
        for name in BUYER_NAMES:
            text = self.text(f"buyer.{name}")
            self.add(
                f"buyer_{name}",
                "String",
                f"if({texts.is_filled(text)}, {text}, '')" if self.has(f"buyer.{name}") else "''",
                is_stored=self.has(f"buyer.{name}"),
            )
        if len(named) < 2:
            who = f"buyer_{named[0]}" if named else "''"
        else:
            joined = f"concatWithSeparator({quoted(MARK)}, {', '.join(f'buyer_{name}' for name in named)})"
            who = f"if({joined} = {quoted(MARK * (len(named) - 1))}, '', {joined})"
        self.add("who", "String", who, is_stored=len(named) > 1)
        for prefix, plural in (("attribute", "attributes"), ("property", "properties")):
            pairs = [(name.partition(".")[2], taken) for name, taken in self.mapping.fields.items() if name.startswith(f"{prefix}.")]
            filled = ", ".join(f"{quoted(name)}, {self.taken(taken)}" for name, taken in pairs)
            words = f"mapFilter((name, cell) -> cell != '', map({filled}))" if pairs else "map()"
            self.add(plural, "Map(String, String)", f"CAST({words}, 'Map(String, String)')", is_stored=bool(pairs))

    def _kinds(self) -> None:
        has_line = self.has("sku", "product", "quantity", "price", "line_total")
        self.add("has_line", "UInt8", "1" if has_line else "0", is_stored=False)
        if self.mapping.derive_order_no:
            zoned = f"formatDateTime(placed_at, '%Y%m%d', {quoted(self.zone)})"
            self.add("order_no", "String", f"concat(who, '-', ifNull({zoned}, ''))", is_stored=True)
        else:
            self.add("order_no", "String", self.text("order_no"), is_stored=True)
        prefix = self.mapping.cancel_prefix
        self.add("cancels", "UInt8", f"startsWith(order_no, {quoted(prefix)}) AND quantity < 0" if prefix else "0", is_stored=bool(prefix))


def orders(name: str, mapping: Mapping, names: list[str], *, shop: str, currency: str, zone: str, thorough: bool = False) -> Staging:
    """The staging table of a file of orders or order lines."""
    columns = FlatColumns(mapping, names, shop=shop, currency=currency, zone=zone, thorough=thorough)
    kept = columns.build()
    bare = Staging(name, len(names), kept)
    reject = f"multiIf({bare.is_ragged}, 'columns_ragged', {', '.join(_refusals(columns))}, '')"
    kept += [Kept("reject", _WORDS, reject), Kept("raw", "Array(String)", f"if(reject = '', [], {bare.raw})")]
    return Staging(name, len(names), kept)


def _refusals(columns: FlatColumns) -> list[str]:
    """Pairs of condition and code, the first that holds counts."""
    mapping, has, text = columns.mapping, columns.has, columns.text
    pairs: list[tuple[str, str]] = []
    if mapping.derive_order_no:
        pairs.append(("who = ''", "identity_missing"))
    else:
        pairs.append((f"NOT {texts.is_filled('order_no')}", "order_no_missing"))
    if mapping.no_sale_prefix:
        pairs.append((f"startsWith(order_no, {quoted(mapping.no_sale_prefix)})", "not_a_sale"))
    pairs.append((f"isNull(placed_at) AND NOT {texts.is_filled(text('placed_at'))}", "time_missing"))
    pairs.extend((f"isNull({name}) AND {texts.is_filled(text(name))}", "time_unreadable") for name in _TIME_FIELDS if has(name))
    if has("quantity"):
        pairs.append(("isNull(quantity)", "quantity_unreadable"))
    read = [name for name in MONEY_FIELDS if has(name)] + (["price"] if has("price") else [])
    pairs.extend((f"isNull({name}) AND {texts.is_filled(text(name))}", "amount_unreadable") for name in read)
    totals = [name for name in ("line_total", "order_total") if has(name) or (name == "line_total" and has("price"))]
    pairs.extend((f"isNull({name})", "amount_unreadable") for name in totals)
    if has("state"):
        pairs.append(("state = '?'", "state_unknown"))
    if has("currency"):
        pairs.append((f"upper({text('currency')}) NOT IN ('', {quoted(columns.currency)})", "currency_unknown"))
    if has("quantity"):
        pairs.append(("quantity < 0 AND NOT cancels", "quantity_negative"))
    pairs.extend(
        (f"{name} < 0 AND NOT cancels", "amount_negative")
        for name in ("line_total", "order_total", "order_paid", "refund")
        if has(name) or (name == "line_total" and has("price"))
    )
    return [f"ifNull({condition}, 0), {quoted(code)}" for condition, code in pairs]


def text_table(name: str, mapping: dict[str, Taken], types: dict[str, FieldType], names: list[str], *, zone: str, currency: str) -> Staging:
    """The staging table of one of several related files: each mapped field as its type, rejects where unreadable."""
    columns = FlatColumns(Mapping(kind=Kind.ORDERS, fields={}), names, shop="", currency=currency, zone=zone, thorough=True)
    kept: list[Kept] = []
    refusals: list[str] = []
    for field, taken in mapping.items():
        text = columns.taken(taken)
        kind, expression = _as_type(types.get(field, FieldType.TEXT), text, taken, zone=zone, currency=currency)
        kept.append(Kept(field, kind, expression))
        if kind != "String":
            reason = (
                "time_unreadable"
                if "DateTime" in kind
                else "amount_unreadable"
                if types.get(field) is FieldType.MONEY
                else "number_unreadable"
            )
            refusals.append(f"ifNull(isNull({field}) AND {texts.is_filled(text)}, 0), {quoted(reason)}")
    bare = Staging(name, len(names), kept)
    reject = f"multiIf({', '.join([bare.is_ragged, quoted('columns_ragged'), *refusals, quoted('')])})"
    kept += [Kept("reject", _WORDS, reject), Kept("raw", "Array(String)", bare.raw)]
    return Staging(name, len(names), kept)


def _as_type(kind: FieldType, text: str, taken: Taken, *, zone: str, currency: str) -> tuple[str, str]:
    match kind:
        case FieldType.MONEY:
            return "Nullable(Int64)", texts.minor(text, currency, thorough=True)
        case FieldType.TIME:
            return _MILLIS, texts.instant(text, zone=zone, time_format=taken.time_format, thorough=True)
        case FieldType.NUMBER:
            return "Nullable(Float64)", f"toFloat64OrNull({text})"
        case FieldType.WHOLE:
            return "Nullable(Int64)", texts.whole(text, thorough=True)
        case _:
            return "String", text
