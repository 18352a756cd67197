"""Web authorisation: a page learns who looks at it, by a code that is good once, and people's own tokens."""

from typing import Any
from urllib.parse import quote, urlsplit

from wecom_simulator.call import Call, Raw
from wecom_simulator.official.accounts import Account, Code, Official
from wecom_simulator.official.host import OK, by_secret, endpoint, no
from wecom_simulator.world import Person, World

CODE_SECONDS = 300
TOKEN_SECONDS = 7_200
REFRESH_SECONDS = 30 * 86_400


def new_code(world: World, kind: str, account: Account, person: Person, scope: str = "") -> str:
    """A code of a person's client, good for five minutes and once."""
    text = world.identifier("0", 31)
    world.openid(person, account.appid)
    Official.of(world).codes[text] = Code(kind, account.appid, person.unionid, world.now() + CODE_SECONDS, scope)
    return text


def use_code(call: Call, kind: str, account: Account, given: str) -> Code:
    """The code that was given; it is used up."""
    code = Official.of(call.world).codes.get(given)
    if code is None or (code.kind, code.appid) != (kind, account.appid) or code.expires_at < call.now:
        raise no(40029)
    if code.is_used:
        raise no(40163)
    code.is_used = True
    return code


@endpoint("GET", "connect/oauth2/authorize", with_token=False, is_read=False)
def authorise(call: Call) -> Raw:
    """The page of `open.weixin.qq.com`; whose client it is stands in the parameter `unionid` here."""
    official = Official.of(call.world)
    account = official.accounts.get(call.maybe_text("appid"))
    target = call.maybe_text("redirect_uri")
    person = call.world.people.get(call.maybe_text("unionid"))
    if account is None or call.maybe_text("scope") not in {"snsapi_base", "snsapi_userinfo"}:
        return _page("Scope 参数错误或没有 Scope 权限，错误码:10005")
    if account.oauth_domain and urlsplit(target).hostname != account.oauth_domain:
        return _page("redirect_uri 域名与后台配置不一致，错误码:10003")
    if person is None:
        return _page("请在微信客户端打开链接（模拟器：在链接后加上 &unionid=…）")
    return Raw(b"", "text/html", (("location", link(call.world, account, person, target, call.query)),), 302)


def link(world: World, account: Account, person: Person, target: str, asked: dict[str, str]) -> str:
    """Where the client goes on to after the person agreed."""
    code = new_code(world, "oauth", account, person, asked.get("scope", "snsapi_base"))
    joint = "&" if "?" in target else "?"
    return f"{target}{joint}code={code}&state={quote(asked.get('state', ''))}"


@endpoint("GET", "sns/oauth2/access_token", with_token=False, is_read=False)
def access_token(call: Call) -> dict[str, Any]:
    """A person's token for a code."""
    account = by_secret(call)
    if not call.maybe_text("code"):
        raise no(41008)
    code = use_code(call, "oauth", account, call.text("code"))
    return _tokens(call, account, code.unionid, code.scope)


@endpoint("GET", "sns/oauth2/refresh_token", with_token=False, is_read=False)
def refresh_token(call: Call) -> dict[str, Any]:
    """Another token of a person's."""
    held = Official.of(call.world).people_tokens.get(call.maybe_text("refresh_token"))
    if held is None or held[0] != call.maybe_text("appid"):
        raise no(40030, "invalid refresh_token")
    if held[3] < call.now:
        raise no(42002)
    return _tokens(call, Official.of(call.world).accounts[held[0]], held[1], held[2])


@endpoint("GET", "sns/userinfo", with_token=False)
def person(call: Call) -> dict[str, Any]:
    """What the person agreed to show."""
    account, known, scope = _held(call)
    if scope != "snsapi_userinfo":
        raise no(48001)
    told: dict[str, Any] = {
        "openid": call.text("openid"),
        "nickname": known.nickname,
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": known.avatar,
        "privilege": [],
    }
    return {**told, "unionid": known.unionid} if account.has_open_platform else told


@endpoint("GET", "sns/auth", with_token=False)
def check(call: Call) -> dict[str, Any]:
    """Whether a person's token is still good."""
    _held(call)
    return dict(OK)


def _held(call: Call) -> tuple[Account, Person, str]:
    held = Official.of(call.world).people_tokens.get(call.maybe_text("access_token"))
    if held is None:
        raise no(40001)
    if held[3] < call.now:
        raise no(42001)
    account, found = Official.of(call.world).accounts[held[0]], call.world.people[held[1]]
    if call.world.openid(found, account.appid) != call.maybe_text("openid"):
        raise no(40003)
    return account, found, held[2]


def _tokens(call: Call, account: Account, unionid: str, scope: str) -> dict[str, Any]:
    official, world = Official.of(call.world), call.world
    access, refresh = (f"{number}_{world.identifier('', 43)}{world.identifier('', 43)}" for number in (57, 58))
    official.people_tokens[access] = (account.appid, unionid, scope, call.now + TOKEN_SECONDS)
    official.people_tokens[refresh] = (account.appid, unionid, scope, call.now + REFRESH_SECONDS)
    told: dict[str, Any] = {
        "access_token": access,
        "expires_in": TOKEN_SECONDS,
        "refresh_token": refresh,
        "openid": world.openid(world.people[unionid], account.appid),
        "scope": scope,
    }
    return {**told, "unionid": unionid} if account.has_open_platform and scope == "snsapi_userinfo" else told


def _page(text: str) -> Raw:
    return Raw(f"<!doctype html><meta charset=utf-8><title>微信</title><p>{text}</p>".encode(), "text/html; charset=utf-8")
