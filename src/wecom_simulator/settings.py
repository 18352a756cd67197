"""What an administrator of the simulated corp changes by the control API or the admin page: callbacks, limits, apps.

A callback address is verified first, as the platform does; what cannot be set is refused with ValueError.
"""

from dataclasses import asdict, replace
from typing import Any

from wecom_simulator.callbacks import Delivering, verify
from wecom_simulator.corp import PERMISSIONS, App, Corp, settable
from wecom_simulator.faults import OF_CALLBACKS, OF_CALLS, Faults, Order
from wecom_simulator.outbox import Receiver
from wecom_simulator.world import World, receiver_key


class AddressRefused(ValueError):
    """The callback address did not prove itself (page 90930; the platform says 40057)."""


def chosen_corp(world: World, asked: dict[str, Any]) -> Corp:
    """The corp that is named, or the only one."""
    return world.corps[asked["corpid"]] if asked.get("corpid") else world.corp


def chosen_app(corp: Corp, asked: dict[str, Any]) -> App:
    """The app that is named by its number, or the first one."""
    found = corp.app(int(asked["agent_id"])) if asked.get("agent_id") else next(iter(corp.apps.values()))
    if found is None:
        raise ValueError(f"no app with the number {asked['agent_id']}")
    return found


def set_callback(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Sets where an app's callbacks go, packed as "xml" or "json"; `verify: false` skips the proof, an empty address ends them."""
    corp = chosen_corp(world, asked)
    app = chosen_app(corp, asked)
    key = receiver_key(corp, app)
    if not asked.get("url"):
        world.receivers.pop(key, None)
        return {"url": ""}
    packing = str(asked.get("packing", "xml"))
    if packing not in {"xml", "json"}:
        raise ValueError(f"no such packing: {packing}; there are xml, json")
    receiver = Receiver(str(asked["url"]), str(asked.get("token", "")), str(asked.get("aes_key", "")), corp.corpid, app.agent_id)
    receiver.packing = packing
    if asked.get("verify", True) and (reason := verify(world, receiver)):
        raise AddressRefused(f"40057 callback url check failed: {reason}")
    with world.lock:
        world.receivers[key] = receiver
        world.version += 1
    return asdict(receiver)


def set_faults(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Shares by kind, orders for the next calls, how long things take; `{"clear": true}` ends everything first."""
    faults = world.part(Faults)
    known = {*OF_CALLS, *OF_CALLBACKS}
    shares = {str(kind): float(share) for kind, share in dict(asked.get("shares", {})).items()}
    orders = [Order(**one) for one in asked.get("orders", [])]
    if strangers := {*shares, *(one.kind for one in orders)} - known:
        raise ValueError(f"no such fault: {', '.join(sorted(strangers))}; there are {', '.join(sorted(known))}")
    with world.lock:
        if asked.get("clear"):
            faults.shares.clear()
            faults.orders.clear()
        faults.shares = {kind: share for kind, share in {**faults.shares, **shares}.items() if share > 0}
        faults.orders += orders
        for name in ("slow_seconds", "timeout_seconds", "delay_seconds", "reorder_seconds"):
            if name in asked:
                setattr(faults, name, float(asked[name]))
        if "seed" in asked:
            faults.random.seed(int(asked["seed"]))
    return told_faults(world, asked)


def told_faults(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """What goes wrong at present, and how often it did."""
    faults = world.part(Faults)
    return {
        "shares": faults.shares,
        "orders": [asdict(one) for one in faults.orders],
        "counts": faults.counts,
        "slow_seconds": faults.slow_seconds,
        "timeout_seconds": faults.timeout_seconds,
        "delay_seconds": faults.delay_seconds,
    }


def set_corp(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Changes `settings`, `limits` (calls taken) and `delivering` (patience of callbacks) by name, and the corp's `name`."""
    corp = chosen_corp(world, asked)
    with world.lock:
        corp.name = str(asked.get("name", corp.name))
        settable(corp.settings, dict(asked.get("settings", {})))
        settable(corp.limits, dict(asked.get("limits", {})))
        settable(world.part(Delivering), dict(asked.get("delivering", {})))
        world.version += 1
    return told_corp(world, asked)


def set_app(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Changes an app's permissions, visible range, trusted domain and addresses; or makes one with a new number."""
    corp = chosen_corp(world, asked)
    with world.lock:
        number = int(asked.get("agent_id") or 0)
        app = corp.app(number) if number else None
        if app is None:
            app = App(number or max(one.agent_id for one in corp.apps.values()) + 1, str(asked.get("name", "")), world.identifier("", 43))
        permissions = frozenset(asked.get("permissions", app.permissions))
        if not permissions <= PERMISSIONS:
            raise ValueError(f"no such permission: {', '.join(sorted(permissions - PERMISSIONS))}")
        changed = replace(
            app,
            name=str(asked.get("name", app.name)),
            permissions=permissions,
            departments=tuple(map(int, asked.get("departments", app.departments))),
            users=tuple(map(str, asked.get("users", app.users))),
            trusted_domain=str(asked.get("trusted_domain", app.trusted_domain)),
            trusted_ips=tuple(map(str, asked.get("trusted_ips", app.trusted_ips))),
        )
        corp.apps[changed.secret] = changed
        world.version += 1
    return told_app(world, corp, changed)


def told_app(world: World, corp: Corp, app: App) -> dict[str, Any]:
    """An app with what a developer needs to connect it."""
    receiver = world.receivers.get(receiver_key(corp, app))
    return {
        "agent_id": app.agent_id,
        "name": app.name,
        "secret": app.secret,
        "permissions": sorted(app.permissions),
        "departments": list(app.departments),
        "users": list(app.users),
        "trusted_domain": app.trusted_domain,
        "trusted_ips": list(app.trusted_ips),
        "callback": asdict(receiver) if receiver else None,
    }


def told_corp(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """The corp with its apps, members, departments and settings."""
    corp = chosen_corp(world, asked)
    return {
        "corpid": corp.corpid,
        "name": corp.name,
        "apps": [told_app(world, corp, app) for app in corp.apps.values()],
        "staff": [asdict(one) for one in corp.staff.values()],
        "departments": [asdict(one) for one in corp.departments.values()],
        "settings": asdict(corp.settings),
        "limits": asdict(corp.limits),
        "delivering": asdict(world.part(Delivering)),
    }
