"""The fields that a column can be mapped to, per kind, with the header words by which they are recognised.

Names ending in ".*" stand for any name: attributes of a member, properties of an event or an order.
"""

from wellspring.imports.contracts import Field, FieldType, Kind

_MONEY, _NUMBER, _WHOLE, _TIME = FieldType.MONEY, FieldType.NUMBER, FieldType.WHOLE, FieldType.TIME

# In order of strength; the first that is mapped names the person most reliably.
_IDENTITIES = (
    (
        "user_id",
        "用户 ID",
        "User id",
        ("用户id", "用户编号", "客户id", "客户编号", "会员id", "userid", "customerid", "customer id", "memberid", "uid"),
    ),
    ("unionid", "UnionID", "Union id", ("unionid",)),
    (
        "phone",
        "手机号",
        "Phone",
        ("手机", "手机号码", "电话", "联系电话", "收货人手机", "联系手机", "mobile", "phone number", "tel", "telephone"),
    ),
    ("card_no", "会员卡号", "Card number", ("卡号", "会员号", "cardno", "card number", "loyalty number")),
    ("external_userid", "企微外部联系人 ID", "WeCom external user id", ("外部联系人id", "externaluserid")),
    ("openid", "OpenID", "Open id", ("openid",)),
    ("buyer_id", "店铺买家 ID", "Shop buyer id", ("买家昵称", "买家会员名", "买家id", "buyer", "buyerid", "buyernick", "买家旺旺号")),
    ("email", "邮箱", "E-mail", ("电子邮箱", "邮件", "e-mail", "mail", "email address")),
)


def _people(prefix: str) -> tuple[Field, ...]:
    named = tuple(
        Field(prefix + name, f"{'买家' if prefix else ''}{zh}", en, synonyms=(name, zh, *words)) for name, zh, en, words in _IDENTITIES
    )
    name = Field(
        f"{prefix}name",
        "买家姓名" if prefix else "姓名",
        "Name",
        synonyms=("姓名", "收货人姓名", "收货人", "客户姓名", "name", "full name", "联系人"),
    )
    return (*named, name)


_ATTRIBUTES = Field(
    "attribute.*", "会员属性", "Attribute of the member", help_zh="任意列可作为会员属性导入", help_en="Any column may become an attribute"
)
_UPDATED = Field(
    "at",
    "记录时间",
    "Recorded at",
    _TIME,
    synonyms=("更新时间", "updated_at", "记录时间", "注册时间", "入会时间", "became_member_on", "created_at"),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.ORDERS: (
        Field(
            "order_no",
            "订单号",
            "Order number",
            required=True,
            synonyms=("订单编号", "订单id", "order_id", "orderid", "invoiceno", "invoice", "order no", "主订单编号", "invoice no"),
        ),
        Field("shop", "店铺", "Shop", synonyms=("店铺名称", "shop", "store name")),
        *_people("buyer."),
        Field(
            "placed_at",
            "下单时间",
            "Placed at",
            _TIME,
            required=True,
            synonyms=(
                "订单创建时间",
                "创建时间",
                "order_purchase_timestamp",
                "invoicedate",
                "order date",
                "下单日期",
                "日期",
                "created_at",
                "date",
            ),
        ),
        Field("paid_at", "付款时间", "Paid at", _TIME, synonyms=("订单付款时间", "支付时间", "order_approved_at", "paid_at")),
        Field("cancelled_at", "取消时间", "Cancelled at", _TIME, synonyms=("关闭时间", "cancelled_at")),
        Field("state", "订单状态", "State", synonyms=("状态", "交易状态", "order_status", "status")),
        Field("order_total", "订单总金额", "Order total", _MONEY, synonyms=("总金额", "应付金额", "订单金额", "买家应付货款", "total")),
        Field(
            "order_paid",
            "实付金额",
            "Amount paid",
            _MONEY,
            synonyms=("买家实际支付金额", "实付", "实际支付", "实收金额", "paid", "payment_value"),
        ),
        Field("order_discount", "优惠金额", "Order discount", _MONEY, synonyms=("优惠", "discount")),
        Field("shipping", "运费", "Shipping", _MONEY, synonyms=("邮费", "买家应付邮费", "freight", "freight_value", "shipping fee")),
        Field("refund", "退款金额", "Refunded", _MONEY, synonyms=("退款", "refund", "refund amount")),
        Field("refund_at", "退款时间", "Refunded at", _TIME, synonyms=("refund_at",)),
        Field("sku", "商品编码", "SKU", synonyms=("sku", "stockcode", "商品id", "商家编码", "货号", "sku_id", "product_id", "stock code")),
        Field("product", "商品名称", "Product", synonyms=("宝贝标题", "标题", "description", "商品", "product name", "product")),
        Field("category", "商品类目", "Category", synonyms=("类目", "商品类别", "category", "product_category")),
        Field("quantity", "数量", "Quantity", _WHOLE, synonyms=("商品数量", "宝贝总数量", "购买数量", "qty", "quantity", "件数")),
        Field("price", "单价", "Unit price", _MONEY, synonyms=("unitprice", "价格", "售价", "price", "unit price")),
        Field("line_discount", "行优惠", "Line discount", _MONEY, synonyms=("line discount",)),
        Field("line_total", "行金额", "Line total", _MONEY, synonyms=("小计", "金额", "amount", "line total", "sales_value")),
        Field("store_code", "门店编码", "Store code", synonyms=("门店", "门店编号", "store", "store_id", "store code")),
        Field("staff_code", "导购编码", "Staff code", synonyms=("导购", "导购工号", "店员", "staff", "staff code")),
        Field("payment_method", "支付方式", "Payment method", synonyms=("支付渠道", "payment_type", "payment method")),
        Field("currency", "币种", "Currency", synonyms=("currency",)),
        Field("property.*", "订单属性", "Property of the order", synonyms=()),
        _ATTRIBUTES,
    ),
    Kind.MEMBERS: (
        *_people(""),
        Field("home_unit", "归属门店编码", "Home store code", synonyms=("所属门店", "归属门店", "门店编码", "store code")),
        _UPDATED,
        _ATTRIBUTES,
    ),
    Kind.EVENTS: (
        Field(
            "event", "事件", "Event", required=True, synonyms=("事件名称", "行为类型", "行为", "event", "event name", "behavior", "type")
        ),
        Field("at", "时间", "Time", _TIME, required=True, synonyms=("时间戳", "事件时间", "timestamp", "time", "发生时间", "datetime")),
        Field("message_id", "消息 ID", "Message id", synonyms=("messageid", "event_id")),
        *_people(""),
        Field("property.*", "事件属性", "Property of the event"),
    ),
    Kind.CONSENTS: (
        *_people(""),
        Field("purpose", "用途", "Purpose", synonyms=("目的", "purpose")),
        Field("channel", "渠道", "Channel", synonyms=("渠道", "channel")),
        Field("state", "授权状态", "State", required=True, synonyms=("状态", "订阅状态", "是否订阅", "consent", "status", "subscribed")),
        Field("at", "时间", "Time", _TIME, synonyms=("授权时间", "consent_at", "time", "日期")),
        Field("source", "来源", "Source", synonyms=("来源", "source")),
        Field("version", "版本", "Version", synonyms=("协议版本", "version")),
    ),
    Kind.TAGS: (
        *_people(""),
        Field("group", "标签组", "Group", synonyms=("标签组", "标签分组", "group")),
        Field("tag", "标签", "Tag", required=True, synonyms=("标签名", "标签名称", "客户标签", "tag", "tags")),
        Field("at", "时间", "Time", _TIME, synonyms=("打标时间", "time")),
        Field("reason", "原因", "Reason", synonyms=("备注", "reason")),
    ),
    Kind.UNITS: (
        Field("code", "编码", "Code", required=True, synonyms=("门店编码", "组织编码", "门店编号", "code", "store_id", "unit code")),
        Field("name", "名称", "Name", required=True, synonyms=("门店名称", "组织名称", "name", "store name")),
        Field("unit_kind", "类型", "Kind", synonyms=("类型", "组织类型", "kind", "type")),
        Field("parent_code", "上级编码", "Parent code", synonyms=("上级", "上级编码", "所属组织", "parent", "parent code")),
        Field("address", "地址", "Address", synonyms=("门店地址", "address")),
        Field("longitude", "经度", "Longitude", _NUMBER, synonyms=("经度", "lng", "lon", "longitude")),
        Field("latitude", "纬度", "Latitude", _NUMBER, synonyms=("纬度", "lat", "latitude")),
        Field("phone", "电话", "Phone", synonyms=("门店电话", "phone")),
    ),
    Kind.STAFF: (
        Field("code", "工号", "Staff code", required=True, synonyms=("员工编号", "导购工号", "工号", "staff code", "code", "userid")),
        Field("name", "姓名", "Name", required=True, synonyms=("员工姓名", "导购姓名", "姓名", "name")),
        Field(
            "unit_code", "所属门店编码", "Unit code", required=True, synonyms=("门店编码", "所属门店", "store code", "unit code", "unit")
        ),
        Field("role", "岗位", "Role", synonyms=("职位", "岗位", "role", "title")),
        Field("phone", "手机号", "Phone", synonyms=("手机", "手机号", "phone", "mobile")),
        Field("joined_on", "入职日期", "Joined on", _TIME, synonyms=("入职日期", "入职时间", "joined_on")),
    ),
}

KIND_TEXTS: dict[Kind, tuple[str, str]] = {
    Kind.MEMBERS: ("会员", "Members"),
    Kind.ORDERS: ("订单", "Orders"),
    Kind.EVENTS: ("行为事件", "Events"),
    Kind.CONSENTS: ("授权与订阅", "Consents"),
    Kind.TAGS: ("客户标签", "Tags"),
    Kind.STAFF: ("员工", "Staff"),
    Kind.UNITS: ("组织与门店", "Units"),
}

IDENTITY_NAMES = tuple(name for name, *_ in _IDENTITIES)


def known(kind: Kind, name: str) -> Field | None:
    """The field of that name, open ones (".*") included."""
    for field in FIELDS[kind]:
        if field.name == name or (field.name.endswith(".*") and name.startswith(field.name[:-1]) and len(name) >= len(field.name)):
            return field
    return None
