"""Tokens, tickets and addresses. Fetching a token invalidates the one before it; a stable token stays the same."""

from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.official.accounts import Account, Official, Token
from wecom_simulator.official.host import OK, account_of, by_secret, count, endpoint, no, this_month, today
from wecom_simulator.world import World

TOKEN_SECONDS = 7_200
# The token before the newest one goes on for a little while.
OVERLAP_SECONDS = 300


@endpoint("GET", "cgi-bin/token", with_token=False, is_read=False)
def token(call: Call) -> dict[str, Any]:
    """A new token."""
    if call.asked("grant_type") != "client_credential":
        raise no(40002, "invalid grant_type")
    account = _admitted(call)
    count(account, "token", account.tokens_per_day, today(call))
    return _told(call, _new(call.world, account, is_stable=False, overlap=OVERLAP_SECONDS))


@endpoint("POST", "cgi-bin/stable_token", with_token=False, is_read=False)
def stable_token(call: Call) -> dict[str, Any]:
    """The account's stable token, or another one if that is forced."""
    if call.asked("grant_type") != "client_credential":
        raise no(40002, "invalid grant_type")
    account = _admitted(call)
    official = Official.of(call.world)
    kept = official.latest.get((account.appid, True), "")
    if call.flag("force_refresh"):
        count(account, "forced token", account.forced_tokens_per_day, today(call))
        return _told(call, _new(call.world, account, is_stable=True, overlap=0))
    if kept and official.tokens[kept].expires_at > call.now:
        return _told(call, kept)
    return _told(call, _new(call.world, account, is_stable=True, overlap=0))


@endpoint("POST", "cgi-bin/clear_quota", is_read=False)
def clear_quota(call: Call) -> dict[str, Any]:
    """Daily counts begin anew, a few times a month."""
    account = account_of(call)
    if call.asked("appid") != account.appid:
        raise no(40013)
    count(account, "clearing", account.clears_per_month, this_month(call), code=48006)
    for what in [name for name in account.counts if name != "clearing"]:
        del account.counts[what]
    return OK


@endpoint("GET", "cgi-bin/ticket/getticket", is_read=False)
def ticket(call: Call) -> dict[str, Any]:
    """The ticket that pages sign with: the same one while it lives."""
    account = account_of(call)
    if call.maybe_text("type", "jsapi") not in {"jsapi", "wx_card"}:
        raise no(40097)
    if account.ticket_expires_at <= call.now:
        account.ticket = call.world.identifier("", 43) + call.world.identifier("", 43)
        account.ticket_expires_at = call.now + TOKEN_SECONDS
    return {**OK, "ticket": account.ticket, "expires_in": account.ticket_expires_at - call.now}


@endpoint("GET", "cgi-bin/getcallbackip")
@endpoint("GET", "cgi-bin/get_api_domain_ip")
def addresses(call: Call) -> dict[str, Any]:
    """Where callbacks come from."""
    account_of(call)
    return {"ip_list": ["127.0.0.1"]}


def withdraw(world: World, account: Account) -> None:
    """The platform takes all tokens of an account back, early."""
    official = Official.of(world)
    for text in [text for text, one in official.tokens.items() if one.appid == account.appid]:
        del official.tokens[text]
    official.latest.pop((account.appid, True), None)
    official.latest.pop((account.appid, False), None)


def _admitted(call: Call) -> Account:
    account = by_secret(call)
    if account.trusted_ips and call.ip not in account.trusted_ips:
        raise no(40164, f"invalid ip {call.ip} ipv6 ::ffff:{call.ip}, not in whitelist")
    return account


def _new(world: World, account: Account, *, is_stable: bool, overlap: int) -> str:
    official, now = Official.of(world), world.now()
    before = official.tokens.get(official.latest.get((account.appid, is_stable), ""))
    if before:
        before.is_replaced, before.expires_at = True, min(before.expires_at, now + overlap)
    text = f"{world.number() % 90 + 10}_" + world.identifier("", 43) + world.identifier("", 43)
    official.tokens[text] = Token(account.appid, now + TOKEN_SECONDS, is_stable)
    official.latest[account.appid, is_stable] = text
    return text


def _told(call: Call, text: str) -> dict[str, Any]:
    return {"access_token": text, "expires_in": Official.of(call.world).tokens[text].expires_at - call.now}
