"""Mappings that ship: descriptions of well-known formats, so that a person need not map them by hand.

Descriptions only; none of the files' content is here. `generic` is the suggestion made from the headers.
"""

from collections.abc import Sequence
from typing import Any

from wellspring.imports.contracts import Kind, Mapping
from wellspring.imports.errors import MappingInvalid

# What shops call the states of an order. A mapping's own `values` come first.
STATE_WORDS: dict[str, str] = {
    **dict.fromkeys(("placed", "created", "unpaid", "pending", "等待买家付款", "待付款", "未付款", "待支付"), "placed"),
    **dict.fromkeys(
        ("paid", "approved", "processing", "invoiced", "已付款", "已支付", "买家已付款，等待卖家发货", "等待卖家发货", "待发货"), "paid"
    ),
    **dict.fromkeys(("shipped", "delivering", "已发货", "卖家已发货，等待买家确认", "等待买家确认收货", "待收货"), "shipped"),
    **dict.fromkeys(("completed", "complete", "delivered", "finished", "交易成功", "已完成", "已签收", "已收货"), "completed"),
    **dict.fromkeys(("cancelled", "canceled", "closed", "unavailable", "交易关闭", "已取消", "已关闭"), "cancelled"),
}

_PRESETS: dict[str, dict[str, Any]] = {
    "online-retail": {
        "kind": "orders",
        "shop": "online-retail",
        "currency": "GBP",
        "time_zone": "Europe/London",
        "cancel_prefix": "C",
        "no_sale_prefix": "A",
        "fields": {
            "order_no": {"column": "InvoiceNo"},
            "sku": {"column": "StockCode"},
            "product": {"column": "Description"},
            "quantity": {"column": "Quantity"},
            "placed_at": {"column": "InvoiceDate"},
            "price": {"column": "UnitPrice"},
            # Spreadsheets made "17850.0" of the number 17850.
            "buyer.buyer_id": {"column": "CustomerID", "separator": ".", "part": 0},
            "attribute.country": {"column": "Country"},
        },
    },
    "tmall-orders": {
        "kind": "orders",
        "shop": "tmall",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        # The shop's report shows what is left after refunds as "actually paid".
        "paid_is_net": True,
        "fields": {
            "order_no": {"column": "订单编号"},
            "order_total": {"column": "总金额"},
            "order_paid": {"column": "买家实际支付金额"},
            "property.province": {"column": "收货地址"},
            "placed_at": {"column": "订单创建时间"},
            "paid_at": {"column": "订单付款时间"},
            "refund": {"column": "退款金额"},
        },
    },
    "cdnow": {
        "kind": "orders",
        "shop": "cdnow",
        "currency": "USD",
        "time_zone": "America/New_York",
        "derive_order_no": True,
        "layout": {"delimiter": "whitespace", "header": False, "columns": ["customer", "sample", "date", "quantity", "amount"]},
        "fields": {
            "buyer.buyer_id": {"column": "customer"},
            "placed_at": {"column": "date"},
            "product": {"constant": "CD"},
            "quantity": {"column": "quantity"},
            "line_total": {"column": "amount"},
        },
    },
    "olist": {
        "kind": "orders",
        "shop": "olist",
        "currency": "BRL",
        "time_zone": "America/Sao_Paulo",
        "tables": {
            "orders": {
                "fields": {
                    "order_no": {"column": "order_id"},
                    "buyer_key": {"column": "customer_id"},
                    "state": {"column": "order_status"},
                    "placed_at": {"column": "order_purchase_timestamp"},
                    "paid_at": {"column": "order_approved_at"},
                }
            },
            "lines": {
                "fields": {
                    "order_no": {"column": "order_id"},
                    "line_no": {"column": "order_item_id"},
                    "sku": {"column": "product_id"},
                    "seller": {"column": "seller_id"},
                    "line_total": {"column": "price"},
                    "shipping": {"column": "freight_value"},
                }
            },
            "payments": {
                "fields": {"order_no": {"column": "order_id"}, "method": {"column": "payment_type"}, "amount": {"column": "payment_value"}}
            },
            "buyers": {
                "fields": {
                    "buyer_key": {"column": "customer_id"},
                    "buyer_id": {"column": "customer_unique_id"},
                    "city": {"column": "customer_city"},
                    "province": {"column": "customer_state"},
                    "place_key": {"column": "customer_zip_code_prefix"},
                }
            },
            "products": {"fields": {"sku": {"column": "product_id"}, "category": {"column": "product_category_name"}}},
            "categories": {
                "fields": {"category": {"column": "product_category_name"}, "translated": {"column": "product_category_name_english"}}
            },
            "sellers": {
                "fields": {"seller": {"column": "seller_id"}, "city": {"column": "seller_city"}, "province": {"column": "seller_state"}}
            },
            "reviews": {
                "fields": {
                    "review_id": {"column": "review_id"},
                    "order_no": {"column": "order_id"},
                    "score": {"column": "review_score"},
                    "title": {"column": "review_comment_title"},
                    "message": {"column": "review_comment_message"},
                    "at": {"column": "review_creation_date"},
                }
            },
            "places": {
                "fields": {
                    "place_key": {"column": "geolocation_zip_code_prefix"},
                    "latitude": {"column": "geolocation_lat"},
                    "longitude": {"column": "geolocation_lng"},
                }
            },
        },
    },
    "tianchi-brand-events": {
        "kind": "events",
        "shop": "taobao",
        "time_zone": "Asia/Shanghai",
        "fields": {
            "buyer_id": {"column": "用户ID"},
            "event": {
                "column": "行为类型",
                "values": {"buy": "Product Bought", "cart": "Product Added", "fav": "Product Favorited", "pv": "Product Viewed"},
            },
            "at": {"column": "时间戳", "time_format": "unix"},
            "property.sku": {"column": "商品ID", "type": "text"},
            "property.brand": {"column": "品牌"},
            "property.product": {"column": "商品名称"},
            "property.category": {"column": "商品类别"},
            "property.price": {"column": "售价", "type": "number"},
        },
    },
    "starbucks-profile": {
        "kind": "members",
        "time_zone": "UTC",
        "fields": {
            "user_id": {"column": "id"},
            "at": {"column": "became_member_on"},
            "attribute.gender": {"column": "gender"},
            # 118 is how the file says "not told".
            "attribute.age": {"column": "age", "type": "number", "values": {"118": ""}},
            "attribute.income": {"column": "income", "type": "number"},
        },
    },
}

PRESET_NAMES = ("generic", *sorted(_PRESETS))


def preset(name: str) -> Mapping | None:
    """The mapping of that name; None for `generic`. Raises MappingInvalid for an unknown name."""
    if name == "generic":
        return None
    found = _PRESETS.get(name)
    if found is None:
        raise MappingInvalid(reason=f"no preset {name}: {', '.join(PRESET_NAMES)}")
    return Mapping.model_validate({**found, "preset": name})


def fits(mapping: Mapping, kind: Kind, folded_names: set[str], fold: Any) -> bool:  # noqa: ANN401 - the folding function of rules.mapping
    """Whether every column that the single-file preset names is among the file's."""
    wanted = {fold(taken.column) for taken in mapping.fields.values() if taken.column}
    return mapping.kind is kind and bool(wanted) and not mapping.layout.columns and wanted <= folded_names


def fitting(kind: Kind, folded_names: set[str], fold: Any) -> Mapping | None:  # noqa: ANN401 - as above
    """The preset that describes a file with these columns, if one does."""
    for name in _PRESETS:
        mapping = preset(name)
        if mapping is not None and mapping.fields and fits(mapping, kind, folded_names, fold):
            return mapping
    return None


def fitting_related(kind: Kind, files: Sequence[set[str]], fold: Any) -> Mapping | None:  # noqa: ANN401 - as above
    """The preset of several related files in which every one of these files has a place, if there is one."""
    for name in _PRESETS:
        mapping = preset(name)
        if mapping is None or mapping.kind is not kind or not mapping.tables:
            continue
        tables = [{fold(taken.column) for taken in table.fields.values() if taken.column} for table in mapping.tables.values()]
        if all(any(wanted <= names for wanted in tables) for names in files):
            return mapping
    return None
