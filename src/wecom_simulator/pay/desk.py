"""Where a merchant's request is dealt with: the state, whose it is, the hour, and the checks that every form needs."""

import dataclasses
import datetime as dt
import random
import re
from typing import Any

from wecom_simulator.pay import errors, keys
from wecom_simulator.pay.state import Faults, Limits, Merchant, Pay

CHINA = dt.timezone(dt.timedelta(hours=8))
TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
BILL_NO = re.compile(r"[0-9A-Za-z]{1,32}")
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclasses.dataclass(slots=True)
class Desk:
    """One request of one merchant, already known to be its own."""

    pay: Pay
    merchant: Merchant
    now: float
    rng: random.Random
    body: dict[str, Any] = dataclasses.field(default_factory=dict)
    query: dict[str, str] = dataclasses.field(default_factory=dict)
    path: dict[str, str] = dataclasses.field(default_factory=dict)
    # The key that encrypted fields of the request were sealed for.
    sealed_for: str = ""

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.pay.faults

    @property
    def limits(self) -> Limits:
        """Numbers that may change."""
        return self.pay.limits

    def text(self, name: str, *, longest: int, required: bool = True, pattern: re.Pattern[str] | None = None) -> str:
        """A text of the body (`amount/currency` looks inside)."""
        value = self.field(name)
        if value is None or value == "":
            if required:
                raise errors.bad_parameter(name, "此字段必填")
            return ""
        if not isinstance(value, str):
            raise errors.bad_parameter(name, "类型应为 string", value)
        if len(value) > longest:
            raise errors.bad_parameter(name, f"长度超过 {longest} 个字符", value)
        if pattern and not pattern.fullmatch(value):
            raise errors.bad_parameter(name, "含有不允许的字符，或长度不符", value)
        return value

    def cents(self, name: str, *, least: int = 1) -> int:
        """An amount of the body."""
        value = self.field(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise errors.bad_parameter(name, "类型应为 integer", value)
        if value < least:
            raise errors.bad_parameter(name, f"最小值为 {least}", value)
        return value

    def field(self, name: str) -> object:
        """A value of the body, or None."""
        value: object = self.body
        for part in name.split("/"):
            if not isinstance(value, dict):
                return None
            value = value.get(part)
        return value

    def notify_url(self, *, required: bool) -> str:
        """Where to tell: https without a query; plain http only on the machine itself, where nobody listens in."""
        url = self.text("notify_url", longest=255, required=required)
        if url and ("?" in url or not (url.startswith("https://") or url.startswith(LOOPBACK))):
            raise errors.bad_parameter("notify_url", "通知地址必须为 https，且不能带参数", url)
        return url

    def appid(self) -> str:
        """The app in whose name it is asked, which the merchant must be bound to."""
        appid = self.text("appid", longest=32)
        if appid not in self.merchant.appids:
            raise errors.Refused(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配，请检查后再试")
        return appid

    def own_mchid(self, given: str | None) -> None:
        """The merchant number inside the request is that of the signature."""
        if given != self.merchant.mchid:
            raise errors.bad_parameter("mchid", "商户号与签名的商户号不一致", given)

    def name(self, sealed: str) -> str:
        """A person's name out of an encrypted field."""
        if not self.sealed_for:
            raise errors.bad_parameter("Wechatpay-Serial", "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)", location="header")
        for key in (*self.pay.certificates, *([self.pay.public_key] if self.pay.public_key else [])):
            if key.serial == self.sealed_for:
                name = keys.reveal(key.private_key, sealed)
                if name is None:
                    raise errors.Refused(400, "PARAM_ERROR", "解密失败，请检查加密使用的公钥与 Wechatpay-Serial 是否一致")
                return name
        raise errors.Refused(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误")

    def digits(self, count: int) -> str:
        """So many random digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def day(self) -> str:
        """Today in China, as numbers carry it."""
        return moment(self.now).strftime("%Y%m%d")

    def count(self, what: str, per_second: int) -> None:
        """One more call in this second; too many are refused."""
        second, calls = self.merchant.calls.get(what, (0, 0))
        calls = calls + 1 if second == int(self.now) else 1
        self.merchant.calls[what] = (int(self.now), calls)
        if calls > per_second:
            raise errors.too_often()


def moment(at: float) -> dt.datetime:
    """An instant on Chinese clocks."""
    return dt.datetime.fromtimestamp(int(at), CHINA)


def rfc3339(at: float) -> str:
    """An instant as the API writes it."""
    return moment(at).isoformat()


def seconds(text: str, field: str) -> float:
    """An instant as the API reads it."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise errors.bad_parameter(field, "时间格式应遵循 rfc3339", text) from None
    if read.tzinfo is None:
        raise errors.bad_parameter(field, "时间格式应遵循 rfc3339", text)
    return read.timestamp()
