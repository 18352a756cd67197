"""Properties of events as terms: typed columns of orders' events, typed sub-columns of everything else's JSON.

A kind may hold rows of both (a shop tracks "Order Completed" as well): then each row is read as what it is.
"""

import enum
from collections.abc import Sequence

from wellspring.audiences.facts.terms import NO, Bound, Moment, Term, compare
from wellspring.audiences.rules.tree import Where, array_and_field

_ORDER_TEXTS = frozenset({"order_no", "shop", "currency", "store", "staff"})
_LINE_TEXTS = frozenset({"sku", "product", "category"})
_LINE_NUMBERS = frozenset({"qty", "price", "total"})
_LINES = "lines"
_NOTHING = Term("NULL", "NULL", "NULL", "emptyArrayString()", "emptyArrayFloat64()", NO)


class Shape(enum.Enum):
    """What the rows of a kind hold."""

    ORDER = "order"
    PLAIN = "plain"
    BOTH = "both"


def term(path: str, shape: Shape) -> Term:
    """A property of the event itself."""
    if shape is Shape.ORDER:
        return _of_order(path)
    if shape is Shape.PLAIN:
        return _of_json(f"props.{_quoted(path)}")
    order, plain = _of_order(path), _of_json(f"props.{_quoted(path)}")
    names = ("number", "text", "boolean", "texts", "numbers", "present")
    number, text, boolean, texts, numbers, present = (_either(getattr(order, name), getattr(plain, name)) for name in names)
    return Term(number, text, boolean, texts, numbers, present)


def holds(where: Sequence[Where], shape: Shape, moment: Moment, bound: Bound) -> list[str]:
    """SQL conditions that together say that all of `where` hold of an event; those on one array hold of one line."""
    parts = []
    by_array: dict[str, list[Where]] = {}
    for one in where:
        array, _field = array_and_field(one.property)
        if array is None:
            parts.append(compare(term(one.property, shape), one.comparison, moment, bound))
        else:
            by_array.setdefault(array, []).append(one)
    return parts + [_on_one_line(array, found, shape, moment, bound) for array, found in by_array.items()]


def line_values(path: str, where: Sequence[Where], shape: Shape, moment: Moment, bound: Bound) -> Term:
    """A property of the lines as arrays (`numbers`, `texts`, and `present` for any of them), of the lines that match `where`."""
    array, field = array_and_field(path)
    mine = [one for one in where if array_and_field(one.property)[0] == array]
    if shape is Shape.BOTH:
        order = line_values(path, where, Shape.ORDER, moment, bound)
        plain = line_values(path, where, Shape.PLAIN, moment, bound)
        return Term("NULL", "NULL", "NULL", _either(order.texts, plain.texts), _either(order.numbers, plain.numbers), NO)
    lines = _Lines(str(array), shape)
    value = lines.term(field)
    kept = " AND ".join(compare(lines.term(array_and_field(one.property)[1]), one.comparison, moment, bound) for one in mine) or "1"
    numbers = lines.filtered(f"if({kept}, {value.number}, NULL)")
    texts = lines.filtered(f"if({kept}, {tagged(value)}, NULL)")
    return Term("NULL", "NULL", "NULL", texts, numbers, NO)


def tagged(value: Term) -> str:
    """A scalar of any type as a text that differs for different values: what `distinct` counts."""
    return f"coalesce(concat('t', {value.text}), concat('n', toString({value.number})), concat('b', toString({value.boolean})))"


class _Lines:
    """The arrays of one array's fields that a lambda over its lines needs."""

    def __init__(self, array: str, shape: Shape) -> None:
        self._array, self._shape = array, shape
        self._arrays: dict[str, str] = {}

    def term(self, field: str) -> Term:
        """A field of the line at hand, as variables of the lambda."""
        if self._shape is Shape.ORDER:
            return self._order_field(field)
        path = f"props.{_quoted(self._array)}[].{_quoted(field)}"
        float_, whole, large = (self._take(f"{path}.:{kind}") for kind in ("Float64", "Int64", "UInt64"))
        number = f"coalesce({float_}, toFloat64({whole}), toFloat64({large}))"
        text, boolean = self._take(f"{path}.:String"), self._take(f"{path}.:Bool")
        return Term(number, text, boolean, "emptyArrayString()", "emptyArrayFloat64()", f"{self._take(path)} IS NOT NULL")

    def filtered(self, sql: str) -> str:
        """An array of the expression over all lines, NULLs left out."""
        names, arrays = self._parts()
        return f"arrayFilter(x -> x IS NOT NULL, arrayMap(({names}) -> {sql}, {arrays}))" if arrays else "[]"

    def any(self, sql: str) -> str:
        """Whether the condition holds of one line at least."""
        names, arrays = self._parts()
        return f"arrayExists(({names}) -> {sql}, {arrays})" if arrays else NO

    def _order_field(self, field: str) -> Term:
        if self._array != _LINES or field not in _LINE_TEXTS | _LINE_NUMBERS:
            # A line is still needed for "is_not" of a field that no line has.
            self._take(f"{_LINES}.sku" if self._array == _LINES else "emptyArrayString()")
            return _NOTHING
        taken = self._take(f"{_LINES}.{field}")
        if field in _LINE_TEXTS:
            return _text_term(taken)
        return Term(f"toFloat64({taken})", "NULL", "NULL", "emptyArrayString()", "emptyArrayFloat64()", "1")

    def _take(self, array: str) -> str:
        return self._arrays.setdefault(array, f"x{len(self._arrays)}")

    def _parts(self) -> tuple[str, str]:
        return ", ".join(self._arrays.values()), ", ".join(self._arrays)


def _on_one_line(array: str, where: Sequence[Where], shape: Shape, moment: Moment, bound: Bound) -> str:
    if shape is Shape.BOTH:
        order = _on_one_line(array, where, Shape.ORDER, moment, bound)
        return _either(order, _on_one_line(array, where, Shape.PLAIN, moment, bound))
    lines = _Lines(array, shape)
    conditions = [compare(lines.term(array_and_field(one.property)[1]), one.comparison, moment, bound) for one in where]
    return lines.any(" AND ".join(conditions))


def _of_order(path: str) -> Term:
    if path == "total":
        return Term("total", "NULL", "NULL", "emptyArrayString()", "emptyArrayFloat64()", "1")
    if path in _ORDER_TEXTS:
        return _text_term(f"toString({path})")
    if path == _LINES:
        return Term("NULL", "NULL", "NULL", "emptyArrayString()", "emptyArrayFloat64()", "1")
    return _NOTHING


def _text_term(sql: str) -> Term:
    """A typed text column: empty stands for missing."""
    return Term("NULL", f"nullIf({sql}, '')", "NULL", "emptyArrayString()", "emptyArrayFloat64()", f"{sql} != ''")


def _of_json(path: str) -> Term:
    # Read once as it is and opened then: three typed sub-columns would each be read for itself, for a third more.
    float_, whole, large = (f"dynamicElement({path}, '{kind}')" for kind in ("Float64", "Int64", "UInt64"))
    number = f"coalesce({float_}, toFloat64({whole}), toFloat64({large}))"
    some = f"arrayMap(x -> dynamicElement(x, 'String'), {path}.:`Array(Dynamic)`)"
    texts = f"arrayConcat({path}.:`Array(Nullable(String))`, {some})"
    mixed = f"arrayMap(x -> coalesce(dynamicElement(x, 'Float64'), toFloat64(dynamicElement(x, 'Int64'))), {path}.:`Array(Dynamic)`)"
    integers = f"arrayMap(x -> toFloat64(x), {path}.:`Array(Nullable(Int64))`)"
    numbers = f"arrayConcat({path}.:`Array(Nullable(Float64))`, {integers}, {mixed})"
    return Term(number, f"{path}.:String", f"{path}.:Bool", texts, numbers, f"{path} IS NOT NULL")


def _either(order: str, plain: str) -> str:
    return order if order == plain else f"if(type = 'order', {order}, {plain})"


def _quoted(path: str) -> str:
    return ".".join("`" + part.replace("\\", "\\\\").replace("`", "\\`") + "`" for part in path.split("."))
