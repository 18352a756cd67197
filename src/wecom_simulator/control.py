"""The simulator's own API under `/simulator`: its clock, what people do, faults, callbacks, and the truth.

Nothing here exists on the real platforms. Answers are JSON; a mistake is 400 or 404 with `{"error": …}`.
"""

from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wecom_simulator import settings
from wecom_simulator.clock import parse, written
from wecom_simulator.endpoints.jssdk import is_signed
from wecom_simulator.errors import Refused
from wecom_simulator.official import settings as official
from wecom_simulator.pay import settings as pay
from wecom_simulator.phones import Phones
from wecom_simulator.registry import ACTIONS, TRUTHS
from wecom_simulator.wecom import Tokens
from wecom_simulator.world import World

Verb = Callable[[World, dict[str, Any]], Any]


class Mistaken(Exception):
    """What was asked cannot be done; the text says why."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def act(world: World, name: str, arguments: dict[str, Any]) -> Any:
    """Starts a human action by name."""
    known = ACTIONS.get(name)
    if known is None:
        raise Mistaken(f"no such action: {name}; there are {', '.join(sorted(ACTIONS))}", 404)
    wrong = set(arguments) - set(known.parameters)
    missing = set(known.required) - set(arguments)
    if wrong or missing:
        raise Mistaken(f"{name} takes {', '.join(known.parameters)} and needs {', '.join(known.required)}")
    with world.lock:
        world.version += 1
        try:
            return known.run(world, **arguments)
        except (KeyError, ValueError, LookupError, Refused) as failure:
            raise Mistaken(f"{type(failure).__name__}: {failure}") from failure


def clock(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Reads the clock, or moves it: `{"now": ISO or seconds}`, `{"advance": seconds}`, `{"speed": 60}`.

    With `"wait": seconds` it stands at each instant at which something happens until its callbacks are answered and the
    pages that people open are read.
    """
    patience = float(asked.get("wait", 0))
    between = (lambda: _drained(world, patience)) if patience else None
    try:
        if "advance" in asked:
            world.advance(int(world.now() + float(asked["advance"])), between=between)
        if "now" in asked:
            at = parse(asked["now"]) if isinstance(asked["now"], str) else int(asked["now"])
            if at >= world.now():
                world.advance(at, between=between)
            else:
                world.clock.set(at)
        if "speed" in asked:
            world.clock.run(float(asked["speed"]))
    except (TypeError, ValueError) as failure:
        raise Mistaken(str(failure)) from failure
    now = world.clock.instant()
    return {"now": int(now), "text": written(now), "virtual": world.clock.virtual, "speed": world.clock.speed}


def health(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """That it is up, and how much waits."""
    return {
        "ok": True,
        "now": world.now(),
        "people": len(world.people),
        "callbacks": len(world.outbox.waiting) + len(world.outbox.under_way),
    }


def actions(world: World, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Every human action."""
    return [
        {"name": one.name, "title": one.title, "parameters": one.parameters, "required": one.required, "about": one.run.__doc__}
        for one in ACTIONS.values()
    ]


def people(world: World, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """People of WeChat, newest first, at most `limit`; `like` looks at names and ids."""
    like, limit = str(asked.get("like", "")), int(asked.get("limit", 50))
    with world.lock:
        found = (one for one in reversed(world.people.values()) if like in one.nickname or like in one.unionid)
        return [asdict(one) for one in islice(found, limit)]


def new_person(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Somebody comes to WeChat."""
    try:
        with world.lock:
            return asdict(world.new_person(**asked))
    except TypeError as failure:
        raise Mistaken(str(failure)) from failure


def callbacks(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """The log of callbacks, newest first: `limit`, `state`, `like` (part of the title); with their plain bodies."""
    state, like, limit = asked.get("state"), str(asked.get("like", "")), int(asked.get("limit", 100))
    with world.lock:
        rows = (one for one in reversed(world.outbox.log) if (not state or one.state == state) and like in one.title)
        told = [{**asdict(one), "body": one.body.decode()} for one in islice(rows, limit)]
        waiting = len(world.outbox.waiting) + len(world.outbox.under_way)
        return {"counts": dict(world.outbox.counts), "waiting": waiting, "rows": told}


def resend(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Posts a logged callback once more."""
    with world.lock:
        found = next((one for one in world.outbox.log if one.number == int(asked.get("number", 0))), None)
        if found is None:
            raise Mistaken("no such callback", 404)
        world.outbox.copy(found, world.number())
        return {"queued": found.number}


def wait(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Answers when no callback and no page is waiting or under way, or after `seconds`."""
    _drained(world, float(asked.get("seconds", 30)))
    return {"done": world.outbox.is_empty and not world.part(Phones).waiting}


def truth(world: World, asked: dict[str, Any]) -> Any:
    """What really is, by kind (`of`); without a kind, which there are."""
    of = str(asked.pop("of", ""))
    if not of:
        return sorted(TRUTHS)
    if of not in TRUTHS:
        raise Mistaken(f"no such truth: {of}; there are {', '.join(sorted(TRUTHS))}", 404)
    with world.lock:
        return TRUTHS[of](world, **asked)


def forget_tokens(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """The platform takes every app's token back before its time."""
    with world.lock:
        for app in settings.chosen_corp(world, asked).apps.values():
            world.part(Tokens).forget(app)
    return {}


def jssdk(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Whether a page's JS-SDK signature would be taken: `url`, `noncestr`, `timestamp`, `signature`, `agent_id`."""
    with world.lock:
        return {"ok": is_signed(world, settings.chosen_corp(world, asked), asked)}


VERBS: dict[tuple[str, str], Verb] = {
    ("GET", "health"): health,
    ("GET", "clock"): clock,
    ("POST", "clock"): clock,
    ("GET", "actions"): actions,
    ("GET", "people"): people,
    ("POST", "people"): new_person,
    ("GET", "corp"): settings.told_corp,
    ("POST", "corp"): settings.set_corp,
    ("POST", "apps"): settings.set_app,
    ("GET", "callbacks"): callbacks,
    ("POST", "callbacks"): settings.set_callback,
    ("GET", "official"): official.told_accounts,
    ("POST", "official/callbacks"): official.set_callback,
    ("GET", "pay"): pay.told_merchants,
    ("POST", "callbacks/resend"): resend,
    ("POST", "callbacks/wait"): wait,
    ("GET", "faults"): settings.told_faults,
    ("POST", "faults"): settings.set_faults,
    ("POST", "tokens/forget"): forget_tokens,
    ("POST", "jssdk/check"): jssdk,
    ("GET", "truth"): truth,
}


def routes(world: World) -> list[Route]:
    """The control API over one world."""

    def route(method: str, path: str, verb: Verb) -> Route:
        async def serve(request: Request) -> Response:
            if _is_foreign(request):
                return _FOREIGN
            asked = await _asked(request)
            return await _answered(lambda: verb(world, asked))

        return Route(f"/simulator/{path}", serve, methods=[method])

    async def action(request: Request) -> Response:
        if _is_foreign(request):
            return _FOREIGN
        asked = await _asked(request)
        return await _answered(lambda: act(world, request.path_params["name"], asked))

    return [
        *(route(method, path, verb) for (method, path), verb in VERBS.items()),
        Route("/simulator/actions/{name}", action, methods=["POST"]),
    ]


def _drained(world: World, seconds: float) -> None:
    deadline = monotonic() + seconds
    phones = world.part(Phones)
    while (phones.waiting or not world.outbox.is_empty) and monotonic() < deadline:
        sleep(0.005)


def _is_foreign(request: Request) -> bool:
    """Whether a page of another site asks: the control API knows no access rights, so a browser may not be lent for it."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


async def _asked(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        found = orjson.loads(raw) if raw.strip() else {}
    except orjson.JSONDecodeError:
        return {}
    return {**request.query_params, **(found if isinstance(found, dict) else {})}


async def _answered(run: Callable[[], Any]) -> Response:
    try:
        found = await run_in_threadpool(run)
    except Mistaken as mistaken:
        return _json({"error": str(mistaken)}, mistaken.status)
    except (ValueError, TypeError, LookupError) as failure:
        return _json({"error": f"{type(failure).__name__}: {failure}"}, 400)
    return _json(found, 200)


_FOREIGN = Response(b'{"error":"asked by a page of another site"}', status_code=403, media_type="application/json")


def _json(found: Any, status: int) -> Response:
    return Response(orjson.dumps(found, default=str), status_code=status, media_type="application/json")
