"""The register of the host's endpoints, whose token a call carries, and how a refusal reads here.

Unlike WeCom's host, a refusal ends with ` rid: …`, and answers of reading calls carry no errcode.
"""

import secrets
from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.clock import midnight, month_start
from wecom_simulator.errors import Refused
from wecom_simulator.official.accounts import Account, Official
from wecom_simulator.transport import Api

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}

PHRASES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40032: "invalid openid list size",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40169: "invalid length for scene, or the data is not json string",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    42002: "refresh_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    43116: "this template is in blacklist",
    43117: "Sending messages to this openid too frequently",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45056: "create too many tag",
    45157: "invalid tag name",
    45158: "the tag name length exceeds",
    45159: "invalid tag",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
}
# What the frame shared with WeCom's host says, in this host's codes.
_TRANSLATED = {40014: 40001, 45033: 45011}


def no(code: int, phrase: str = "", **fields: Any) -> Refused:
    """A refusal in this host's words."""
    return Refused(code, phrase or PHRASES.get(code, "invalid request"), **fields)


def know(call: Call) -> None:
    """Finds the account by the token in the query."""
    text = call.query.get("access_token", "")
    if not text:
        raise no(41001)
    official = Official.of(call.world)
    token = official.tokens.get(text)
    if token is None or (token.is_replaced and token.expires_at <= call.now):
        raise no(40001)
    if token.expires_at <= call.now:
        raise no(42001)
    call.account = official.accounts[token.appid]


def refusal(call: Call, refused: Refused) -> dict[str, Any]:
    """A refusal as the host writes it."""
    code, phrase = refused.code, refused.phrase
    if code == 40058:
        code = 43002 if call.method == "GET" else 47001
    code = _TRANSLATED.get(code, code)
    if code != refused.code or code in {-1, 45009}:
        phrase = PHRASES[code]
    return {"errcode": code, "errmsg": f"{phrase} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"}


OFFICIAL = Api("/official/", "official:", know, refusal, success={})
endpoint = OFFICIAL.endpoint


def account_of(call: Call) -> Account:
    """The account whose token it is."""
    if not isinstance(call.account, Account):
        raise no(41001)
    return call.account


def by_secret(call: Call, *, appid: str = "appid") -> Account:
    """The account that proves itself by its secret."""
    if not call.asked(appid):
        raise no(41002)
    if not call.asked("secret"):
        raise no(41004)
    account = Official.of(call.world).accounts.get(str(call.asked(appid)))
    if account is None:
        raise no(40013)
    if account.secret != call.asked("secret"):
        raise no(40125)
    return account


def count(account: Account, what: str, most: int, window: int, *, code: int = 45009) -> None:
    """One more of something in a window that starts at an instant; `code` when it was too many."""
    start, number = account.counts.get(what, (0, 0))
    number = number + 1 if start == window else 1
    account.counts[what] = (window, number)
    if most and number > most:
        raise no(code)


def today(call: Call) -> int:
    """The day on which daily quotas count."""
    return midnight(call.now)


def this_month(call: Call) -> int:
    """The month on which monthly quotas count."""
    return month_start(call.now)


def this_minute(call: Call) -> int:
    """The minute on which minutes' quotas count."""
    return call.now // 60
