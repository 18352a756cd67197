"""What texts may say of an order (`{{ order.no }}` and its like), from the order itself or from an event that told of one."""

from collections.abc import Iterable, Mapping
from typing import Any

from wellspring.activity.contracts import StoredOrder
from wellspring.kernel.money import minor_digits

# Properties by which a journey tells its runs apart, that are the number of an order.
NUMBERS = frozenset({"order_no", "order_id"})
URL = "order.url"
GROUP = "order"
_START = f"{GROUP}."
# A sentence bears no longer list.
_PRODUCTS_MAX = 3
_NAMES = ("name", "product", "title", "product_name")


def speaks(paths: Iterable[str]) -> bool:
    """Whether a text that names these variables speaks of an order."""
    return any(path.startswith(_START) for path in paths)


def lacking(said: Mapping[str, str], paths: Mapping[str, bool]) -> bool:
    """Whether something of the order is named that neither is known nor has words that stand in."""
    return any(path.startswith(_START) and not stands_in and not said.get(path.removeprefix(_START)) for path, stands_in in paths.items())


def of_order(order: StoredOrder) -> dict[str, str]:
    """An order as its shop told it."""
    digits = minor_digits(order.currency)
    said = {"no": order.order_no, "product": _products(line.product for line in order.lines)}
    return _known(said | {"total": f"{order.total_minor / 10**digits:.{digits}f}"})


def of_event(row: Mapping[str, Any]) -> dict[str, str]:
    """An order, or a cart, as an event told of it."""
    props = row["props"] if isinstance(row["props"], dict) else {}
    lines: list[Any] = next((props[name] for name in ("products", "lines", "items") if isinstance(props.get(name), list)), [])
    named = [_first(line, _NAMES) for line in lines if isinstance(line, dict)]
    amount = row["total"] or next((props[name] for name in ("total", "revenue", "value") if isinstance(props.get(name), (int, float))), 0)
    digits = minor_digits(str(row["currency"] or props.get("currency") or "CNY"))
    said = {
        "no": str(row["order_no"] or _first(props, ("order_no", "order_id"))),
        "product": _products([*row["products"], *named]) or _first(props, _NAMES),
        "total": f"{float(amount):.{digits}f}" if amount else "",
        "url": _first(props, ("order_url", "url")),
    }
    return _known(said)


def text_at(props: object, path: str) -> str:
    """A property as the text by which runs are told apart."""
    found = props
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, bool) or found is None:
        return ""
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)


def _products(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(name for name in names if name))
    return "、".join(found[:_PRODUCTS_MAX]) + ("…" if len(found) > _PRODUCTS_MAX else "")


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((text for name in names if (text := text_at(fields, name))), "")


def _known(said: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in said.items() if text}
