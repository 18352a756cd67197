"""Tokens of apps (page 91039) and the addresses that callbacks come from."""

from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.limits import Windows
from wecom_simulator.wecom import Tokens, endpoint


@endpoint("GET", "gettoken", with_token=False)
def gettoken(call: Call) -> dict[str, Any]:
    """The app's token."""
    secret = call.query.get("corpsecret", "")
    if not secret:
        raise Refused(41004)
    corpid = call.query.get("corpid", "")
    if not corpid:
        raise Refused(41002)
    corp = call.world.corps.get(corpid)
    if corp is None:
        raise Refused(40013)
    windows = call.world.part(Windows)
    windows.admit_secret(corp.limits, call.ip, call.now)
    app = corp.apps.get(secret)
    if app is None:
        windows.count_wrong_secret(corp.limits, call.ip, call.now)
        raise Refused(40001)
    token, seconds = call.world.part(Tokens).give(call.world, corp, app)
    return {"access_token": token, "expires_in": seconds}


@endpoint("GET", "getcallbackip", defaults={"ip_list": []})
def getcallbackip(call: Call) -> dict[str, Any]:
    """Where callbacks come from."""
    return {"ip_list": ["127.0.0.1"]}


@endpoint("GET", "get_api_domain_ip", defaults={"ip_list": []})
def get_api_domain_ip(call: Call) -> dict[str, Any]:
    """Where the API is."""
    return {"ip_list": ["127.0.0.1"]}
