"""Journeys of a seed: lines of waits, messages, splits and tags, let in by a call, once or by key."""

import random
from typing import Any

_CHANNELS = ("sms", "email", "wecom")


def drawn(rng: random.Random, *, is_keyed: bool | None = None, entry: dict[str, Any] | None = None) -> dict[str, Any]:
    """A graph that can run; with `entry` one that could follow another."""
    keyed = rng.random() < 0.25 if is_keyed is None else is_keyed
    length = rng.randrange(3, 9)
    nodes: dict[str, dict[str, Any]] = {}
    for place in range(1, length):
        nodes[f"n{place}"] = _node(rng, f"n{place + 1}", f"n{length}")
    for place in range(1, length - 1):
        if nodes[f"n{place}"]["kind"] == "send" and nodes[f"n{place + 1}"]["kind"] == "wait" and rng.random() < 0.5:
            nodes[f"n{place + 1}"] = _heard(rng, f"n{place}", f"n{place + 2}", f"n{length}")
    nodes[f"n{length}"] = {"kind": "exit"}
    begun = entry or {"trigger": {"kind": "api"}, **_again(rng, keyed=keyed)}
    found: dict[str, Any] = {"entry": begun, "start": "n1", "nodes": nodes}
    if rng.random() < 0.5:
        found["holdout_basis_points"] = 1_000
    return found


def _again(rng: random.Random, *, keyed: bool) -> dict[str, Any]:
    if keyed:
        return {"reentry": "every", "key": "order_no"}
    return rng.choice([{"reentry": "never"}, {"reentry": "after_exit"}, {"reentry": "cooldown", "cooldown": "2d"}])


def _heard(rng: random.Random, message: str, after: str, last: str) -> dict[str, Any]:
    """A wait for what became of the message before it."""
    fates = rng.sample(["sent", "delivered", "read", "replied", "failed"], 2)
    said = {"kind": "wait", "mode": "message", "message": message, "fates": fates, "timeout": rng.choice(["3h", "1d", "3d"])}
    return {**said, "then": after, "timeout_next": last}


def _node(rng: random.Random, after: str, last: str) -> dict[str, Any]:
    kind = rng.choice(["wait", "wait", "send", "send", "split"])
    if kind == "wait":
        return {"kind": "wait", "mode": "duration", "for": rng.choice(["10m", "3h", "1d", "3d"]), "next": after}
    if kind == "send":
        said: dict[str, Any] = {
            "kind": "send",
            "channel": rng.choice(_CHANNELS),
            "content_id": "mat_1",
            "account_id": "acc_1",
            "next": after,
        }
        if rng.random() < 0.2:
            said["purpose"] = "service"
        if rng.random() < 0.3:
            said["expires"] = "5h"
        return said
    arms = [{"id": "a", "weight": rng.randrange(1, 4), "next": after}, {"id": "b", "weight": 1, "next": last}]
    return {"kind": "split", "mode": "random", "arms": arms}
