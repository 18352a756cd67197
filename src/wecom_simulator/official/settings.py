"""What an administrator of an account sets, and what a developer needs to connect it; told by the control API."""

from dataclasses import asdict
from typing import Any

from wecom_simulator.callbacks import verify
from wecom_simulator.official.accounts import Account, Official
from wecom_simulator.official.events import receiver_key
from wecom_simulator.outbox import Receiver
from wecom_simulator.registry import truth
from wecom_simulator.world import World

MODES = ("plain", "safe")


def told_accounts(world: World, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """All accounts with their secrets, templates and callbacks."""
    del asked
    with world.lock:
        return [_told(world, account) for account in Official.of(world).accounts.values()]


def set_callback(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Sets where an account's callbacks go (`mode` plain or safe); an empty address ends them."""
    account = Official.of(world).account(str(asked.get("appid", "")), str(asked.get("kind", "official")))
    key, mode = receiver_key(account.appid), str(asked.get("mode", "safe"))
    if not asked.get("url"):
        world.receivers.pop(key, None)
        return {"url": ""}
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}")
    receiver = Receiver(
        str(asked["url"]),
        str(asked.get("token", "")),
        str(asked.get("aes_key", "")),
        account.appid,
        form="official",
        is_encrypted=mode == "safe",
    )
    if asked.get("verify", True) and (reason := verify(world, receiver)):
        raise ValueError(f"the callback address did not prove itself: {reason}")
    with world.lock:
        world.receivers[key] = receiver
        world.version += 1
    return asdict(receiver)


@truth("followers")
def followers(world: World, *, appid: str = "") -> list[dict[str, Any]]:
    """Who follows an account, or did."""
    return [asdict(one) for one in Official.of(world).account(appid).followers.values()]


@truth("messages")
def messages(world: World, *, appid: str = "", limit: int = 200) -> list[dict[str, Any]]:
    """What accounts sent, oldest first."""
    rows = [asdict(one) for one in Official.of(world).sent if not appid or one.appid == appid]
    return rows[-int(limit) :]


def _told(world: World, account: Account) -> dict[str, Any]:
    receiver = world.receivers.get(receiver_key(account.appid))
    return {
        "appid": account.appid,
        "kind": account.kind,
        "name": account.name,
        "secret": account.secret,
        "original_id": account.original_id,
        "followers": sum(one.is_subscribed for one in account.followers.values()),
        "templates": [asdict(one) for one in account.templates.values()],
        "pages": list(account.pages),
        "callback": asdict(receiver) if receiver else None,
    }
