"""What activity refuses, with stable codes and both languages."""

from wellspring.kernel.errors import WellspringError


class BodyTooLarge(WellspringError):
    """The request or one of its parts is over Segment's limits, which answer 400."""

    status = 400
    code = "activity.too_large"
    zh = "超过上限：{limit}。"
    en = "This is over the limit: {limit}."


class BodyUnreadable(WellspringError):
    """The body is no JSON object of the expected shape, or its compression is broken."""

    status = 400
    code = "activity.unreadable"
    zh = "无法读取请求内容：{reason}。"
    en = "The body cannot be read: {reason}."


class EncodingUnknown(WellspringError):
    """A content encoding other than gzip."""

    status = 415
    code = "activity.encoding_unknown"
    zh = "不支持的内容编码：{encoding}；请使用 gzip 或不压缩。"
    en = "Content encoding {encoding} is not known: send gzip or nothing."


class MessageRejected(WellspringError):
    """A single message was refused; it is kept for replay."""

    status = 400
    code = "activity.message_rejected"
    zh = "消息被拒绝：{reason_zh}"
    en = "The message was rejected: {reason_en}"


class RejectedUnknown(WellspringError):
    """There is no such rejected input."""

    status = 404
    code = "activity.rejected_unknown"
    zh = "没有这条被拒绝的数据。"
    en = "There is no such rejected input."


class OrderUnknown(WellspringError):
    """There is no such order within the caller's scope."""

    status = 404
    code = "activity.order_unknown"
    zh = "没有该店铺的这个订单，或不在您的数据权限内。"
    en = "There is no such order of this shop within your data scope."


class KindUnknown(WellspringError):
    """No event of this kind was ever seen."""

    status = 404
    code = "activity.kind_unknown"
    zh = "从未收到过事件“{kind}”。"
    en = "No event of kind {kind} was ever seen."


class OrderRefused(WellspringError):
    """An order that contradicts itself."""

    status = 422
    code = "activity.order_refused"
    zh = "订单 {order_no} 无法接收：{reason_zh}"
    en = "Order {order_no} cannot be taken: {reason_en}"
