"""The simulator's own API under `/simulator`: its clock, what people do, faults, callbacks, and the truth.

Nothing here exists on the real platforms. Answers are JSON; a mistake is 400 or 404 with `{"error": …}`.
"""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wecom_simulator.clock import parse, written
from wecom_simulator.registry import ACTIONS
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
        except (KeyError, ValueError, LookupError) as failure:
            raise Mistaken(f"{type(failure).__name__}: {failure}") from failure


def clock(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Reads the clock, or moves it: `{"now": ISO or seconds}`, `{"advance": seconds}`, `{"speed": 60}`."""
    try:
        if "advance" in asked:
            world.advance(int(world.now() + float(asked["advance"])))
        if "now" in asked:
            at = parse(asked["now"]) if isinstance(asked["now"], str) else int(asked["now"])
            if at >= world.now():
                world.advance(at)
            else:
                world.clock.set(at)
        if "speed" in asked:
            world.clock.run(float(asked["speed"]))
    except (TypeError, ValueError) as failure:
        raise Mistaken(str(failure)) from failure
    now = world.clock.instant()
    return {"now": int(now), "text": written(now), "virtual": world.clock.virtual, "speed": world.clock.speed}


VERBS: dict[tuple[str, str], Verb] = {("GET", "clock"): clock, ("POST", "clock"): clock}


def routes(world: World) -> list[Route]:
    """The control API over one world."""

    def route(method: str, path: str, verb: Verb) -> Route:
        async def serve(request: Request) -> Response:
            asked = await _asked(request)
            return await _answered(lambda: verb(world, asked))

        return Route(f"/simulator/{path}", serve, methods=[method])

    async def action(request: Request) -> Response:
        asked = await _asked(request)
        return await _answered(lambda: act(world, request.path_params["name"], asked))

    return [
        *(route(method, path, verb) for (method, path), verb in VERBS.items()),
        Route("/simulator/actions/{name}", action, methods=["POST"]),
    ]


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
        return Response(orjson.dumps({"error": str(mistaken)}), status_code=mistaken.status, media_type="application/json")
    return Response(orjson.dumps(found, default=str), media_type="application/json")
