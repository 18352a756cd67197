"""Posts callbacks as the platforms do: sealed and signed, five seconds, three tries; and verifies an address.

A thread with an event loop of its own takes what the world's outbox holds. Faults make copies, hold one back so that
a later one overtakes it, delay it, or lose it.
"""

import asyncio
import re
import secrets
import threading
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx

from wecom_simulator.crypto import Crypt, CryptoFailed, envelope, envelope_json, signature
from wecom_simulator.events import json_of
from wecom_simulator.faults import Faults
from wecom_simulator.outbox import Attempt, Delivery, Receiver
from wecom_simulator.world import World

TIMEOUT_SECONDS = 5.0
VERIFY_SECONDS = 1.0
TRIES = 3
_PARALLEL = 32
_CONNECTIONS = httpx.Limits(max_connections=_PARALLEL, max_keepalive_connections=_PARALLEL)
_TYPES = {"xml": "text/xml", "json": "application/json"}
_FROM = re.compile(rb"<FromUserName><!\[CDATA\[(.*?)\]\]>")


@dataclass(slots=True)
class Delivering:
    """How patient the platform is; the pause between tries is nowhere documented."""

    timeout_seconds: float = TIMEOUT_SECONDS
    pause_seconds: float = 0.5


def sealed(receiver: Receiver, body: bytes, timestamp: str, nonce: str) -> tuple[dict[str, str], bytes]:
    """The query and the body of a posted message."""
    query = {"timestamp": timestamp, "nonce": nonce}
    if receiver.form == "official":
        sender = _FROM.search(body)
        query = {"signature": signature(receiver.token, timestamp, nonce), **query, "openid": sender[1].decode() if sender else ""}
        if not receiver.is_encrypted:
            return query, body
        query["encrypt_type"] = "aes"
    is_json = receiver.packing == "json"
    encrypted = Crypt(receiver.token, receiver.aes_key, receiver.receive_id).encrypt(json_of(body) if is_json else body)
    query["msg_signature"] = signature(receiver.token, timestamp, nonce, encrypted)
    return query, (envelope_json if is_json else envelope)(encrypted, receiver.receive_id, receiver.agent_id)


def verify(world: World, receiver: Receiver) -> str:
    """Asks an address to prove that it holds the keys: "" when it did within a second, or why not (page 90930)."""
    timestamp, nonce, plain = str(world.now()), secrets.token_hex(5), str(secrets.randbelow(10**18))
    query = {"timestamp": timestamp, "nonce": nonce}
    if receiver.form == "official":
        query |= {"signature": signature(receiver.token, timestamp, nonce), "echostr": plain}
    else:
        try:
            encrypted = Crypt(receiver.token, receiver.aes_key, receiver.receive_id).encrypt(plain.encode())
        except CryptoFailed as failure:
            return str(failure)
        query |= {"msg_signature": signature(receiver.token, timestamp, nonce, encrypted), "echostr": encrypted}
    try:
        answer = httpx.get(receiver.url, params=query, timeout=VERIFY_SECONDS, trust_env=False)
    except httpx.HTTPError as failure:
        return f"{type(failure).__name__}: {failure}"
    if answer.status_code != 200:
        return f"HTTP {answer.status_code}"
    return "" if answer.content == plain.encode() else "the answer is not the plain echostr"


@dataclass(slots=True)
class Poster:
    """The thread that posts."""

    world: World
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _is_stopping: bool = False

    def start(self) -> None:
        """Begins with what waits."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True, name="simulator-callbacks")
        self._thread.start()

    def stop(self) -> None:
        """Ends; what is under way waits again in the outbox."""
        self._is_stopping = True
        self._poke()
        if self._thread:
            self._thread.join(TIMEOUT_SECONDS + 1)
        with self.world.lock:
            self.world.outbox.listener = None
            self.world.outbox.resume()

    def _poke(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.world.outbox.listener = self._poke
        free = asyncio.Semaphore(_PARALLEL)
        running: set[asyncio.Task[None]] = set()
        async with AsyncExitStack() as stack:
            client: httpx.AsyncClient | None = None
            while not self._is_stopping:
                self._wake.clear()
                with self.world.lock:
                    taken = self.world.outbox.take()
                for delivery in taken:
                    if client is None:
                        # Made when it is first needed: most worlds of tests never post.
                        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, limits=_CONNECTIONS))
                    task = asyncio.create_task(self._deliver(client, free, delivery))
                    running.add(task)
                    task.add_done_callback(running.discard)
                await self._wake.wait()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _deliver(self, client: httpx.AsyncClient, free: asyncio.Semaphore, delivery: Delivery) -> None:
        faults = self.world.part(Faults)
        with self.world.lock:
            wrong = set() if delivery.is_copy else faults.draw_callback(delivery.title)
            if "lose" in wrong:
                self.world.outbox.finish(delivery, "lost")
                return
            if "duplicate" in wrong:
                self.world.outbox.copy(delivery, self.world.number())
        if "delay" in wrong:
            await asyncio.sleep(faults.random.uniform(0.2, 1.0) * faults.delay_seconds)
        elif "reorder" in wrong:
            await asyncio.sleep(faults.random.uniform(0.1, 1.0) * faults.reorder_seconds)
        async with free:
            state = await self._post(client, delivery)
        with self.world.lock:
            self.world.outbox.finish(delivery, state)

    async def _post(self, client: httpx.AsyncClient, delivery: Delivery) -> str:
        patience = self.world.part(Delivering)
        for number in range(TRIES):
            if number:
                await asyncio.sleep(patience.pause_seconds)
            receiver = self.world.receivers.get(delivery.receiver)
            if receiver is None:
                return "nobody"
            attempt = await _try(client, receiver, delivery, self.world.now(), patience.timeout_seconds)
            delivery.attempts.append(attempt)
            if attempt.status == 200:
                return "delivered"
        return "failed"


async def _try(client: httpx.AsyncClient, receiver: Receiver, delivery: Delivery, now: int, seconds: float) -> Attempt:
    begun = time.monotonic()
    try:
        query, body = sealed(receiver, delivery.body, str(now), secrets.token_hex(5))
        headers = {"content-type": _TYPES[receiver.packing]}
        answer = await asyncio.wait_for(client.post(receiver.url, params=query, content=body, headers=headers), seconds)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, CryptoFailed) as failure:
        return Attempt(now, 0, time.monotonic() - begun, f"{type(failure).__name__}: {failure}"[:200])
    return Attempt(now, answer.status_code, time.monotonic() - begun)
