"""What vendors of text messages write: reports of delivery and replies, in our words. Pure.

Three formats: Aliyun (短信回执消息, 上行短信消息), Tencent Cloud (短信下发状态通知, 短信回复状态通知), and our own plain one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wellspring.channels.contracts.sends import ReceiptState

GENERIC, ALIYUN, TENCENT = "generic", "aliyun", "tencent"
FORMATS = (GENERIC, ALIYUN, TENCENT)
HOSTS = {ALIYUN: "https://dysmsapi.aliyuncs.com", TENCENT: "https://sms.tencentcloudapi.com"}
REJECTED = "channels.sms_rejected"
# The vendors tell instants as the clock of China shows them.
_CHINA = dt.timezone(dt.timedelta(hours=8))
_STOPS = frozenset({"R", "T", "N", "TD", "QX", "退订", "取消", "取消订阅", "拒收", "STOP", "UNSUBSCRIBE"})
_REASON_MAX = 60
_STATES = {state.value: state for state in (ReceiptState.SENT, ReceiptState.DELIVERED, ReceiptState.FAILED, ReceiptState.EXPIRED)}
_LIST_MAX = 1_000


class Report(NamedTuple):
    """What became of one message to one phone; `key` is ours, where the vendor gives it back."""

    provider_id: str
    key: str
    phone: str
    state: ReceiptState
    reason: str
    at: dt.datetime | None


class Reply(NamedTuple):
    """What somebody wrote back."""

    phone: str
    text: str
    at: dt.datetime | None
    mark: str


def reports(told: Any) -> list[Report]:  # noqa: ANN401 - any JSON
    """The reports of a vendor's body; what is none of the three formats is left out."""
    return [found for one in _rows(told) if (found := _report(one)) is not None]


def replies(told: Any) -> list[Reply]:  # noqa: ANN401 - any JSON
    """The replies of a vendor's body."""
    return [found for one in _rows(told) if (found := _reply(one)) is not None]


def is_stop(text: str) -> bool:
    """Whether somebody wishes no more messages."""
    return text.strip().strip("。.!！“”\"'").upper() in _STOPS


def bare(phone: str) -> str:
    """A number as vendors of China write it: without the country where that is China, else with digits alone."""
    return phone.removeprefix("+86") if phone.startswith("+86") else phone.removeprefix("+")


def _report(one: Mapping[str, Any]) -> Report | None:
    if "biz_id" in one and "phone_number" in one:
        is_done = one.get("success") is True
        state, reason = (ReceiptState.DELIVERED, "") if is_done else (ReceiptState.FAILED, _reason(one.get("err_code")))
        return Report(
            _text(one["biz_id"]), _text(one.get("out_id")), _text(one["phone_number"]), state, reason, _at(one.get("report_time"))
        )
    if "sid" in one and "mobile" in one:
        is_done = one.get("report_status") == "SUCCESS"
        state, reason = (ReceiptState.DELIVERED, "") if is_done else (ReceiptState.FAILED, _reason(one.get("errmsg")))
        phone = _with_country(one.get("nationcode"), one["mobile"])
        return Report(_text(one["sid"]), _text(one.get("ext")), phone, state, reason, _at(one.get("user_receive_time")))
    if "to" in one and _text(one.get("state")) in _STATES:
        state = _STATES[_text(one["state"])]
        return Report(
            _text(one.get("id")), _text(one.get("key")), _text(one["to"]), state, _own_reason(one, state), _instant(one.get("at"))
        )
    return None


def _reply(one: Mapping[str, Any]) -> Reply | None:
    if "phone_number" in one and "content" in one:
        return Reply(_text(one["phone_number"]), _text(one["content"]), _at(one.get("send_time")), _text(one.get("sequence_id")))
    if "mobile" in one and "text" in one:
        at = dt.datetime.fromtimestamp(int(one["time"]), tz=dt.UTC) if str(one.get("time") or "").isdigit() else None
        return Reply(_with_country(one.get("nationcode"), one["mobile"]), _text(one["text"]), at, _text(one.get("time")))
    if "from" in one and "text" in one:
        return Reply(_text(one["from"]), _text(one["text"]), _instant(one.get("at")), _text(one.get("id")))
    return None


def _rows(told: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - any JSON
    rows = told if isinstance(told, list) else [told]
    return [one for one in rows[:_LIST_MAX] if isinstance(one, dict)]


def _own_reason(one: Mapping[str, Any], state: ReceiptState) -> str:
    return _reason(one.get("reason")) if state in (ReceiptState.FAILED, ReceiptState.EXPIRED) else ""


def _reason(code: Any) -> str:  # noqa: ANN401 - any JSON
    text = _text(code)
    return f"sms:{text[:_REASON_MAX]}" if text else REJECTED


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    return str(value)[:1_000] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _with_country(country: Any, number: Any) -> str:  # noqa: ANN401 - any JSON
    code, phone = _text(country).lstrip("+"), _text(number)
    return phone if not code or phone.startswith("+") else f"+{code}{phone}"


def _at(text: Any) -> dt.datetime | None:  # noqa: ANN401 - any JSON
    try:
        return dt.datetime.strptime(_text(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA).astimezone(dt.UTC)
    except ValueError:
        return None


def _instant(text: Any) -> dt.datetime | None:  # noqa: ANN401 - any JSON
    try:
        found = dt.datetime.fromisoformat(_text(text))
    except ValueError:
        return None
    return found.astimezone(dt.UTC) if found.tzinfo is not None else None
