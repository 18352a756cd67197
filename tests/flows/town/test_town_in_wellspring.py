"""The town told to a real server over HTTP: what Wellspring shows equals the town's own books, to the last fen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support import server
from wecom_simulator.town import telling
from wecom_simulator.town.actions import Kind, midnight_ms
from wecom_simulator.town.client import Address, Connection
from wecom_simulator.town.sums import Sums

pytestmark = pytest.mark.slow

SEED, CUSTOMERS, DAYS = 7, 900, 90


@dataclass
class Loaded:
    """A server with the town in it."""

    running: server.Server
    address: Address
    place: telling.Place
    sums: Sums

    def get(self, path: str, **query: Any) -> Any:
        with self.running.client() as client:
            return client.get(path, params=query).raise_for_status().json()

    def overview(self) -> dict[str, Any]:
        return dict(self.get("/api/overview", **{"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("town")
    with server.running(folder / "home", WELLSPRING_LAB="1") as running:
        address = Address(running.url, running.key(kind="write"), running.key(kind="api"))
        with Connection(address) as connection:
            now_ms = telling.lab_clock(connection)
        keep = folder / "town.json"
        sums = telling.load(address, seed=SEED, days=DAYS, until_ms=now_ms, customers=CUSTOMERS, keep=keep, progress=lambda *_: None)
        yield Loaded(running, address, telling.read_place(keep), sums)


def _assert_books_agree(shown: dict[str, Any], sums: Sums) -> None:
    assert shown["orders"] == sums.orders
    assert shown["paid_orders"] == sums.paid_orders
    assert shown["revenue_minor"] == sums.revenue_minor
    assert shown["refunds_minor"] == sums.refunds_minor
    assert shown["net_minor"] == sums.revenue_minor - sums.refunds_minor
    assert shown["unattributed"]["orders"] == sums.unattributed_orders
    assert shown["unattributed"]["revenue_minor"] == sums.unattributed_minor


def test_orders_revenue_and_refunds_agree_to_the_fen(loaded: Loaded) -> None:
    assert loaded.sums.orders > 800
    _assert_books_agree(loaded.overview(), loaded.sums)


def test_nothing_was_rejected(loaded: Loaded) -> None:
    assert loaded.get("/api/rejected")["rows"] == []


def test_every_message_is_in_the_catalogue(loaded: Loaded) -> None:
    kinds = loaded.get("/api/events/catalogue")
    rows = kinds["rows"] if isinstance(kinds, dict) else kinds
    told = sum(row["count"] for row in rows if row["type"] != "order")
    assert told == loaded.sums.messages
    assert not any(row["drift"] for row in rows)


def test_the_organisation_stands(loaded: Loaded) -> None:
    assert len(loaded.get("/api/org/units", limit=200)["rows"]) == 58
    assert len(loaded.get("/api/org/staff", limit=200)["rows"]) == 160


def test_real_cases_wait_in_the_conflict_queue(loaded: Loaded) -> None:
    conflicts = loaded.get("/api/conflicts", state="open")["rows"]
    assert conflicts
    assert {conflict["kind"] for conflict in conflicts} <= {"phone", "card_no"}


def test_registered_customers_are_one_member_each(loaded: Loaded) -> None:
    """Nobody shares an account, so as many members carry a user id as people have registered."""
    town = loaded.place.town()
    year = telling.between(town, midnight_ms(town.opens_on), loaded.place.told_until_ms)
    told = (*town.before(), *(action for stretch in year for action in stretch))
    registered = {action.body["userId"] for action in told if action.kind is Kind.MESSAGE and "userId" in action.body}
    found = loaded.get("/api/members", limit=200, identified="true")
    named = [row["user_id"] for row in _all(loaded, "/api/members", found) if row["user_id"]]
    assert len(named) == len(set(named))
    assert set(named) == registered


def test_living_on_keeps_the_books_equal(loaded: Loaded) -> None:
    before = loaded.place
    place = telling.live(loaded.address, before, days=2, hours=12, keep=None, progress=lambda *_: None)
    for stretch in telling.between(place.town(), before.told_until_ms, place.told_until_ms):
        loaded.sums.add(stretch)
    _assert_books_agree(loaded.overview(), loaded.sums)


def test_telling_everything_again_changes_nothing(loaded: Loaded) -> None:
    before = loaded.overview()
    telling.load(
        loaded.address,
        seed=SEED,
        days=DAYS,
        until_ms=loaded.place.told_until_ms,
        customers=CUSTOMERS,
        keep=None,
        progress=lambda *_: None,
    )
    after = loaded.overview()
    for figure in ("members", "orders", "paid_orders", "revenue_minor", "refunds_minor", "unattributed"):
        assert after[figure] == before[figure], figure


def _all(loaded: Loaded, path: str, page: dict[str, Any]) -> list[dict[str, Any]]:
    rows = list(page["rows"])
    while page["next_cursor"]:
        page = loaded.get(path, limit=200, identified="true", cursor=page["next_cursor"])
        rows += page["rows"]
    return rows


def test_the_operators_audiences_hold_somebody(loaded: Loaded) -> None:
    shown = {row["name"]: row["count"] for row in loaded.get("/api/audiences")["rows"]}
    for name in ("首购未复购", "近 7 天浏览未下单", "包裹卡引流未购", "高客单前 10%", "生日将到"):
        assert 0 < shown[name] < CUSTOMERS * 2, name
