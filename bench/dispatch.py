"""How near to a provider's limit messages go out while plans are made beside it: text messages with a body each.

A vendor on this machine, in a process of its own, notes when it is asked; the limit is the one that the channel declares. Another
thread plans for a million recipients again and again. WELLSPRING_BENCH_DISPATCH_SECONDS sets how long is measured.
"""

import datetime as dt
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyroaring import BitMap

from bench import planning
from bench.results import Result, result
from wellspring.app import server
from wellspring.channels import api as channels
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.sends import Channel
from wellspring.content import api as content
from wellspring.content.contracts import Body, Draft, MaterialKind, Sheet, Shelf
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.service import dispatching, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind

_SECONDS = float(os.environ.get("WELLSPRING_BENCH_DISPATCH_SECONDS", "20"))
_WARM_SECONDS = 3.0
_AT_LEAST = 0.95


def run() -> list[Result]:
    """Calls a second at the vendor, alone and beside plans, against the limit."""
    with tempfile.TemporaryDirectory() as home, _vending() as url:
        installation = server.open_installation(ProcessSettings(home=Path(home)))
        ws = server.prepared(installation, server.DEFAULT_WORKSPACE)
        channels.allow_host(url)
        limit = sends.capabilities(ws)[Channel.SMS].per_second
        assert limit is not None
        members = _people(ws, round(limit * (_SECONDS + _WARM_SECONDS) * 2.4))
        _ask(ws, url, members)
        alone = _rate(ws, url)
        stop, planned = threading.Event(), [0]
        thread = threading.Thread(target=_plan, args=(stop, planned))
        thread.start()
        try:
            beside = _rate(ws, url)
        finally:
            stop.set()
            thread.join()
        installation.close()
    named = {"baseline": "the limit that the channel declares", "baseline_value": limit}
    return [
        result("dispatch: text messages while plans are made", beside, "calls/s", **named, at_least=_AT_LEAST),
        result("dispatch: text messages, nothing beside", alone, "calls/s", **named),
        result("dispatch: plans for a million made meanwhile", planned[0], "plans"),
    ]


@contextmanager
def _vending() -> Iterator[str]:
    vendor = subprocess.Popen([sys.executable, "-m", "bench._dispatch_vendor"], stdout=subprocess.PIPE, text=True)
    try:
        assert vendor.stdout is not None
        yield vendor.stdout.readline().strip()
    finally:
        vendor.terminate()
        vendor.wait(30)


def _people(ws: Workspace, count: int) -> BitMap:
    now = ws.clock.now()
    phones = [Identity(IdentityKind.PHONE, f"+8613{number:09}") for number in range(count)]
    numbers = people.resolve(ws, by=SYSTEM, claims=[Claim((phone,), now) for phone in phones]).member_nos
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, now, explicit=True)
    people.put_consents(ws, by=SYSTEM, words=[((phone,), word) for phone in phones])
    return BitMap(numbers)


def _ask(ws: Workspace, url: str, members: BitMap) -> None:
    draft = AccountDraft(AccountKind.SMS, "短信", "AK", secret=secrets.token_hex(8), host=url)
    account = channels.connect(ws, by=SYSTEM, draft=draft)
    # A link in a text names its reader, so no two bodies are alike.
    sheet = Sheet(Shelf.LIBRARY, MaterialKind.TEXT, "上新")
    made = content.add(ws, by=SYSTEM, sheet=sheet, draft=Draft(Body("上新啦 https://shop.example.com/new")))
    waiting = content.submit(ws, by=SYSTEM, content_id=made.id, revision=made.revision)
    content.decide(ws, by=SYSTEM, content_id=made.id, revision=waiting.revision, approves=True)
    ask = Ask(Origin(OriginKind.CAMPAIGN, "cmp_bench", 1), "bench", made.id, Channel.SMS, account.id)
    with ws.sql.write() as tx:
        asked = touching.ask(ws, tx, ask, members, ws.clock.now())
    assert len(asked.planned) == len(members), {reason: len(out) for reason, out in asked.dropped.items()}


def _rate(ws: Workspace, url: str) -> float:
    """Calls a second, after a while in which the burst that a limit allows is used up."""
    begun = time.monotonic()
    while time.monotonic() - begun < _WARM_SECONDS + _SECONDS:
        dispatching.step(ws)
    first = begun + _WARM_SECONDS
    taken = httpx.get(url, trust_env=False).raise_for_status().json()
    return sum(1 for at in taken if first <= at < first + _SECONDS) / _SECONDS


def _plan(stop: threading.Event, planned: list[int]) -> None:
    plan = planning.planner()
    while not stop.is_set():
        plan()
        planned[0] += 1
        # A planner that never rests is no planner, but a load test of something else.
        stop.wait(dt.timedelta(milliseconds=50).total_seconds())
