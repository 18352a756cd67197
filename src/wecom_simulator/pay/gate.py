"""What stands before every request: its form, its age, its signature; and the platform's own signature under answers.

The order and the sentences of refusals are those observed on the live server. Refusals carry no signature.
"""

import json
import random
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from wecom_simulator.pay import errors, keys, notices
from wecom_simulator.pay.desk import Desk
from wecom_simulator.pay.routes import ROUTES, Route
from wecom_simulator.pay.state import Merchant, Pay

SKEW_SECONDS = 300
SCHEME = "WECHATPAY2-SHA256-RSA2048 "
_PAIR = re.compile(r'([a-z_]+)="([^"]*)"')
_MALFORMED = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"
_TRANSACTIONS = "/v3/pay/transactions"


@dataclass(slots=True)
class Asked:
    """A request as it came: path and query exactly as they were sent, without the host."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def target(self) -> str:
        """The second line of what is signed."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(slots=True)
class Answered:
    """A response."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    # Seconds to wait before it is sent.
    wait: float = 0


def answer(pay: Pay, asked: Asked, query: dict[str, str], now: float, rng: random.Random) -> Answered:
    """Deal with one request from its first check to the signature under the answer."""
    route, path = _route(asked)
    if route is None:
        return Answered(404 if path is None else 405)
    request_id = f"{keys.nonce(rng, 24).upper()}-{rng.randrange(10)}"
    try:
        merchant = _known(pay, asked, now)
        desk = Desk(pay, merchant, now, rng, _body(asked), query, path or {}, asked.headers.get("wechatpay-serial", ""))
        _faults_before(desk)
        told = route.verb(desk)
        _faults_after(desk)
    except errors.Refused as refused:
        named = {} if refused.status == 401 and asked.path.startswith(_TRANSACTIONS) else {"Request-ID": request_id}
        return Answered(refused.status, _json(refused.body()), {"Content-Type": "application/json; charset=utf-8", **named})
    done = Answered(204) if told is None else Answered(200, _json(told), {"Content-Type": "application/json; charset=utf-8"})
    _sign(desk, asked, done)
    done.headers["Request-ID"] = request_id
    done.wait = _pause(pay, rng)
    return done


def _route(asked: Asked) -> tuple[Route | None, dict[str, str] | None]:
    """The route and its parameters; (None, {}) where only the method is wrong, (None, None) where nothing is."""
    found = False
    for route in ROUTES:
        match = route.pattern.fullmatch(asked.path)
        if match and route.method == asked.method:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
        found = found or bool(match)
    return None, {} if found else None


def _known(pay: Pay, asked: Asked, now: float) -> Merchant:
    is_transaction = asked.path.startswith(_TRANSACTIONS)
    if not is_transaction and not (asked.headers.get("user-agent") and asked.headers.get("accept")):
        raise errors.invalid("Http头缺少Accept或User-Agent")
    given = asked.headers.get("authorization", "")
    said = dict(_PAIR.findall(given.removeprefix(SCHEME)))
    wanted = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
    if not given.startswith(SCHEME) or not wanted <= set(said) or not said["timestamp"].isdigit():
        raise errors.sign_error("签名信息错误，验签失败" if is_transaction else _MALFORMED)
    if abs(now - int(said["timestamp"])) > SKEW_SECONDS:
        raise errors.sign_error("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    merchant = pay.merchants.get(said["mchid"])
    lines = keys.joined((asked.method, asked.target, said["timestamp"], said["nonce_str"]))
    signed = lines + asked.body + b"\n"
    is_own = merchant is not None and said["serial_no"].upper() == merchant.serial_no
    if merchant is None or not is_own or not keys.verifies(merchant.certificate, signed, said["signature"]):
        raise errors.sign_error("签名错误")
    return merchant


def _body(asked: Asked) -> dict[str, Any]:
    if asked.method == "GET" or not asked.body:
        return {}
    if not asked.headers.get("content-type", "").startswith("application/json"):
        raise errors.invalid("Http头Content-Type应为application/json")
    try:
        read = json.loads(asked.body)
    except ValueError:
        raise errors.Refused(400, "PARAM_ERROR", "请求主体不是合法的 JSON") from None
    # An SDK that posts without a body sends JSON's null.
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise errors.Refused(400, "PARAM_ERROR", "请求主体不是 JSON 对象")
    return read


def _faults_before(desk: Desk) -> None:
    if desk.faults.strikes("error_before", desk.rng):
        raise errors.system_error()
    if desk.faults.strikes("limited", desk.rng):
        raise errors.too_often()


def _faults_after(desk: Desk) -> None:
    # It happened, and the caller hears that it did not: it must ask before it tries again.
    if desk.faults.strikes("error_after", desk.rng):
        raise errors.system_error()


def _pause(pay: Pay, rng: random.Random) -> float:
    if pay.faults.strikes("silence", rng):
        return pay.faults.silence_seconds
    return pay.faults.slow_seconds if pay.faults.strikes("slow", rng) else 0


def _sign(desk: Desk, asked: Asked, done: Answered) -> None:
    key = notices.signing_key(desk.pay, desk.merchant, asked.headers.get("wechatpay-serial", ""), desk.now, desk.rng)
    is_probe = desk.faults.strikes("probe", desk.rng)
    done.headers |= notices.signed_headers(key, done.body, desk.now, desk.rng, is_probe=is_probe)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
