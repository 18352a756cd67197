"""Printed codes in the town: handed out over the public API, opened on phones over real HTTP, and added only after that."""

import contextlib
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.support.listener import listening
from tests.support.simulator import Simulator, simulating
from wecom_simulator.clock import Clock, parse
from wecom_simulator.external.friends import of
from wecom_simulator.phones import Phones, Visit, opened
from wecom_simulator.town import living, prints
from wecom_simulator.town.client import Address, Connection
from wecom_simulator.town.living import Life
from wecom_simulator.town.living_prints import Prints
from wecom_simulator.world import World

NOON = "2026-03-18T12:00:00+08:00"
DAY = 86_400


@dataclass
class Pages:
    """A brand's pages: what was asked, by whom (cookie), and at which instant of the world."""

    world: World
    url: str = ""
    status: int = 200
    asked: list[tuple[str, str, str, int]] = field(default_factory=list)

    def paths(self, method: str = "GET") -> list[str]:
        return [path for verb, path, _, _ in self.asked if verb == method]


@contextlib.contextmanager
def _pages(world: World) -> Iterator[Pages]:
    pages, guard = Pages(world), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(b"png" if self.path.endswith("/picture") else self._page())

        def do_POST(self) -> None:
            self._answer(b"", status=303, location=self.path)

        def _page(self) -> bytes:
            button = f'<form method="post" action="{self.path}"><button></button></form>' if self.path.startswith("/i/") else ""
            return f'<html>{button}<img src="{self.path}/picture" width="1"></html>'.encode()

        def _answer(self, body: bytes, status: int = 0, location: str = "") -> None:
            cookie = self.headers.get("cookie", "")
            with guard:
                pages.asked.append((self.command, self.path, cookie, world.now()))
                given = "" if cookie else f"who={len(pages.asked)}"
            self.send_response(status or pages.status)
            if location:
                self.send_header("location", location)
            if given:
                self.send_header("set-cookie", f"{given}; HttpOnly; SameSite=Lax; Path=/")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    pages.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def town() -> Iterator[Simulator]:
    world = World(Clock(start=parse(NOON)))
    living.town(world, seed=5, customers=3_000, arrivals_per_hour=2)
    with simulating(world) as found:
        yield found


def _way(town: Simulator, state: str) -> str:
    body = {"type": 2, "scene": 2, "user": ["g0001", "g0002"], "state": state}
    return str(town.post("externalcontact/add_contact_way", body)["qr_code"])


def _live(town: Simulator, days: int) -> None:
    town.http.post("/simulator/clock", json={"advance": days * DAY, "wait": 10}, timeout=120).raise_for_status()


def test_a_card_s_page_is_read_before_its_code_is_added(town: Simulator) -> None:
    card, elsewhere = _way(town, "card"), _way(town, "poster")
    with _pages(town.world) as pages:
        told = town.act("town_prints", cards=[{"url": f"{pages.url}/c/brand.one", "way": card, "count": 200, "hook": "cash"}])
        assert told == {"batches": 1, "prints": 200}
        _live(town, 2)
    opened_at = [at for verb, path, _, at in pages.asked if verb == "GET" and path == "/c/brand.one"]
    added_at = [
        relation.created for contact in of(town.corp).contacts.values() for relation in contact.relations if relation.state == "card"
    ]
    assert len(opened_at) > len(added_at) > 3
    # Of the first so many seconds, never more had added than had read the page.
    assert all(sum(at < added for at in opened_at) >= place for place, added in enumerate(sorted(added_at), 1))
    assert len({cookie for _, _, cookie, _ in pages.asked if cookie}) > 3
    tally = town.world.part(Life).tally
    assert tally["opened card"] == len(opened_at) <= 200
    assert elsewhere not in town.world.part(Prints).ways
    assert {"came by code", "came by card"} <= tally.keys()


def test_packages_are_opened_pressed_and_added_by_some(town: Simulator) -> None:
    way = _way(town, "package")
    with _pages(town.world) as pages:
        urls = [f"{pages.url}/i/brand.{number:04d}" for number in range(300)]
        town.act("town_prints", packages=[{"urls": urls, "way": way}])
        _live(town, 2)
    codes = {path for path in pages.paths() if not path.endswith("/picture")}
    pressed = pages.paths("POST")
    assert len(codes) > len(set(pressed)) > 3
    # Who presses has been given a cookie by the page before.
    assert all(cookie for verb, _, cookie, _ in pages.asked if verb == "POST")
    assert town.world.part(Life).tally["came by package"] > 0


def test_of_a_known_batch_only_more_is_dealt(town: Simulator) -> None:
    card = {"url": "http://127.0.0.1:9/c/x", "way": _way(town, "card"), "count": 100, "hook": "sample"}
    town.act("town_prints", cards=[card])
    coming = len(town.world.part(Life).coming)
    assert town.act("town_prints", cards=[card]) == {"batches": 1, "prints": 100}
    assert len(town.world.part(Life).coming) == coming
    assert town.act("town_prints", cards=[{**card, "count": 200}]) == {"batches": 1, "prints": 200}
    assert len(town.world.part(Life).coming) > coming


def test_a_page_that_cannot_be_reached_is_missed_and_nobody_comes_by_it(town: Simulator) -> None:
    town.act("town_prints", cards=[{"url": "http://127.0.0.1:9/c/x", "way": _way(town, "card"), "count": 200, "hook": "cash"}])
    _live(town, 1)
    tally = town.world.part(Life).tally
    assert tally["missed page of card"] > 0
    assert "came by card" not in tally


def test_one_phone_s_cookie_is_never_another_s() -> None:
    world = World(Clock(start=parse(NOON)))
    phones = Phones()
    with _pages(world) as pages, httpx.Client(trust_env=False) as http:
        for who in ("one", "two", "one"):
            found = opened(http, phones, Visit(who, f"{pages.url}/i/brand.0001", "", {}, presses=True))
            assert (found.status, found.shows_picture, found.pressed) == (200, True, True)
    first, second = phones.cookies.values()
    assert first != second
    kept = [cookie for _, path, cookie, _ in pages.asked if not path.endswith("/picture")]
    assert kept == ["", first, first, "", second, second, first, first, first]


def test_what_is_printed_is_read_over_the_api_and_told_to_the_town() -> None:
    with listening() as brand, listening() as simulator:
        brand.rows["/api/cards/batches"] = [
            {"id": "cb1", "url": "https://brand.example/c/main.aa", "code_id": "c1", "shipped": 300, "hook": "cash", "standing": "active"},
            {"id": "cb2", "url": "https://brand.example/c/main.bb", "code_id": None, "shipped": 300, "hook": "cash", "standing": "active"},
            {"id": "cb3", "url": "https://brand.example/c/main.cc", "code_id": "c1", "shipped": 300, "hook": "cash", "standing": "closed"},
        ]
        brand.rows["/api/item-codes/batches"] = [{"id": "ib1", "code_id": "c2", "codes": 2, "state": "active"}]
        brand.rows["/api/acquisition/codes/c1"] = [{"ways": [{"url": ""}, {"url": "http://sim/wwhead/x/0"}]}]
        brand.rows["/api/acquisition/codes/c2"] = [{"ways": [{"url": "http://sim/wwhead/y/0"}]}]
        link = "https://brand.example/i/main."
        brand.files["/api/item-codes/batches/ib1/list"] = _gzip(f"\ufeffcode,link\r\nA-1,{link}A1\r\nA-2,{link}A2\r\n")
        with Connection(Address(brand.url, "", "key")) as connection:
            prints.hand_out(connection, simulator.url, patience=0)
        [told] = simulator.of("/simulator/actions/town_prints")
    body: dict[str, Any] = told.body
    assert body["cards"] == [{"url": f"{brand.url}/c/main.aa", "way": "http://sim/wwhead/x/0", "count": 300, "hook": "cash"}]
    assert body["packages"] == [{"urls": [f"{brand.url}/i/main.A1", f"{brand.url}/i/main.A2"], "way": "http://sim/wwhead/y/0"}]


def _gzip(text: str) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(text.encode()) + packer.flush()
