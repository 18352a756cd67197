"""Texts with fields: Liquid in a closed room, with nothing to read, no clock, and limits on everything.

A template that names what is not there is refused when it is written, so that it never fails in front of a customer.
"""

import functools
from collections.abc import Mapping
from typing import Any

import liquid
from liquid.exceptions import LiquidError

Fields = Mapping[str, Mapping[str, str | bool]]

# What a welcome may speak of, with the example that the preview shows and that a template is tried with.
FIELDS: dict[str, dict[str, tuple[str, str, str]]] = {
    "contact": {"name": ("客户昵称", "The customer's name", "小雨")},
    "staff": {"name": ("员工姓名", "The staff member's name", "林晓"), "title": ("员工职位", "The staff member's title", "门店顾问")},
    "store": {
        "name": ("门店名称", "The store's name", "静安寺店"),
        "address": ("门店地址", "The store's address", "上海市静安区南京西路 1699 号"),
        "phone": ("门店电话", "The store's phone", "021-62880000"),
    },
    "code": {"name": ("活码名称", "The code's name", "春季包裹卡")},
    "brand": {"name": ("品牌名称", "The brand's name", "活水")},
}
# Whatever reads other templates, or counts across renderings.
_TAGS_REFUSED = frozenset(
    {"include", "render", "import", "with", "macro", "call", "extends", "block", "increment", "decrement", "tablerow"}
)
# Everything that looks at a clock, or makes texts much longer than they were.
_FILTERS_REFUSED = frozenset({"date", "base64_decode", "base64_url_safe_decode"})


class _Room(liquid.Environment):
    """Limits: a welcome is a few sentences, so whatever needs more is a slip or an attack."""

    loop_iteration_limit = 200
    local_namespace_limit = 20_000
    output_stream_limit = 16_000
    context_depth_limit = 10


@functools.cache
def _room() -> _Room:
    room = _Room(undefined=liquid.StrictUndefined, strict_filters=True)
    for name in _TAGS_REFUSED & room.tags.keys():
        del room.tags[name]
    for name in _FILTERS_REFUSED & room.filters.keys():
        del room.filters[name]
    return room


@functools.lru_cache(maxsize=2_000)
def _template(text: str) -> Any:  # noqa: ANN401 - the library's own type
    return _room().from_string(text)


def example() -> dict[str, dict[str, str | bool]]:
    """The fields with values as the preview shows them."""
    found: dict[str, dict[str, str | bool]] = {
        group: {name: sample for name, (_, _, sample) in fields.items()} for group, fields in FIELDS.items()
    }
    found["contact"]["is_returning"] = False
    return found


def filled(text: str, fields: Fields) -> str:
    """The text with its fields filled in. Raises ValueError with the library's sentence where that is impossible."""
    if "{" not in text:
        return text
    try:
        return str(_template(text).render(**fields)).strip()
    except (LiquidError, RecursionError) as broken:
        raise ValueError(str(broken).splitlines()[0][:200]) from broken


def cut(text: str, limit_bytes: int) -> str:
    """The text as far as it fits, whole characters only."""
    encoded = text.encode()
    return text if len(encoded) <= limit_bytes else encoded[:limit_bytes].decode(errors="ignore")
