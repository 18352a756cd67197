"""WeChat Pay under the simulator's server: the ASGI application of its host, its hours, and its notifications.

Letters are posted by a few threads without the world's lock; what came of each is noted under it.
"""

import asyncio
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.types import Receive, Scope, Send

from wecom_simulator.official.accounts import Official
from wecom_simulator.pay import certificates, gate, notices, schedule
from wecom_simulator.pay.state import Pay
from wecom_simulator.registry import timer
from wecom_simulator.world import World

PREFIX = "/pay"
ANSWER_SECONDS = 5.0
_BODY_MAX = 2 * 1024 * 1024
_POSTERS = ThreadPoolExecutor(4, thread_name_prefix="simulator-pay")
_LOCAL = threading.local()


def pay_of(world: World) -> Pay:
    """The platform, opened for business on first use: one merchant, bound to the world's accounts."""
    pay = world.part(Pay)
    if not pay.merchants:
        certificates.open_for_business(pay, world.now(), world.random)
        mchid = f"16{world.seed % 100_000_000:08}"
        appids = list(Official.of(world).accounts)
        certificates.new_merchant(pay, mchid, world.corp.name, appids, world.now(), world.random)
    return pay


def stir(world: World) -> None:
    """Work off what is due, post what is to be told, and be woken for what comes next; under the world's lock."""
    pay, now = pay_of(world), world.clock.instant()
    schedule.settle(pay, now, world.random)
    for letter in notices.take(pay, now, world.random):
        _POSTERS.submit(_post, world, letter)
    instants = [one.next_at for one in pay.notices.values() if not one.is_under_way]
    instants += [pay.due[0][0]] if pay.due else []
    if instants:
        _wake(world, pay, max(math.ceil(min(instants)), world.now() + 1))


def is_quiet(world: World) -> bool:
    """Whether no notification is under way."""
    return not any(one.is_under_way for one in world.part(Pay).notices.values())


class PayHost:
    """The ASGI application of `api.mch.weixin.qq.com`."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _body(receive)
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1").split("?")[0].removeprefix(PREFIX)
        query = scope["query_string"].decode("latin-1")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked = gate.Asked(scope["method"], path, query, headers, body)
        answered = await asyncio.to_thread(self._answer, asked)
        if answered.wait:
            await asyncio.sleep(answered.wait)
        named = [(name.encode(), value.encode("latin-1")) for name, value in answered.headers.items()]
        if answered.status != 204:
            named.append((b"content-length", str(len(answered.body)).encode()))
        await send({"type": "http.response.start", "status": answered.status, "headers": named})
        await send({"type": "http.response.body", "body": answered.body})

    def _answer(self, asked: gate.Asked) -> gate.Answered:
        with self.world.lock:
            stir(self.world)
            query = dict(parse_qsl(asked.query, keep_blank_values=True))
            answered = gate.answer(pay_of(self.world), asked, query, self.world.clock.instant(), self.world.random)
            self.world.version += 1
            stir(self.world)
            return answered


@timer("pay.stir")
def _stirred(world: World) -> None:
    pay = world.part(Pay)
    pay.wakes_at = 0
    stir(world)


def _wake(world: World, pay: Pay, at: int) -> None:
    if pay.wakes_at == 0 or at < pay.wakes_at:
        pay.wakes_at = at
        world.later(at, "pay.stir")


def _post(world: World, letter: notices.Letter) -> None:
    status, text = 0, ""
    try:
        found = _client().post(letter.url, content=letter.body, headers=letter.headers)
        status, text = found.status_code, found.text
    except httpx.HTTPError as failure:
        text = type(failure).__name__
    with world.lock:
        notices.record(world.part(Pay), letter.notice_id, status, text, world.clock.instant(), is_probe=letter.is_probe)
        world.version += 1
        stir(world)


def _client() -> httpx.Client:
    made: httpx.Client | None = getattr(_LOCAL, "client", None)
    if made is None:
        made = _LOCAL.client = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
    return made


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message: Any = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body") or sum(map(len, chunks)) > _BODY_MAX:
            return b"".join(chunks)
