"""What a welcome may speak of.

A text that names anything else is refused when it is written, so that it never fails in front of a customer.
"""

from wellspring.kernel.wording import Fields, cut, filled

__all__ = ["FIELDS", "Fields", "cut", "example", "filled"]

# With the example that the preview shows and that a template is tried with.
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


def example() -> dict[str, dict[str, str | bool]]:
    """The fields with values as the preview shows them."""
    found: dict[str, dict[str, str | bool]] = {
        group: {name: sample for name, (_, _, sample) in fields.items()} for group, fields in FIELDS.items()
    }
    found["contact"]["is_returning"] = False
    return found
