"""The telling over HTTP, against a server that only listens: nothing lost, nothing twice, each person in order."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.listener import Listener, instant, listening
from wecom_simulator.town import __main__ as command
from wecom_simulator.town import delivery, tags, telling
from wecom_simulator.town.actions import DAY_MS, Action, Kind, System
from wecom_simulator.town.client import Address, Connection, Refused
from wecom_simulator.town.sums import Sums

NOW = "2026-01-01T04:00:00.000Z"
CUSTOMERS = 300


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening(NOW) as each:
        yield each


def _load(listener: Listener, keep: Path | None = None, days: int = 30) -> Sums:
    return telling.load(
        Address(listener.url, "wwk_main_w", "wsk_main_a"),
        seed=5,
        days=days,
        until_ms=instant(NOW),
        customers=CUSTOMERS,
        keep=keep,
        progress=lambda *_: None,
    )


class TestLoad:
    def test_everything_is_told_once(self, listener: Listener) -> None:
        sums = _load(listener)
        ids = [message["messageId"] for message in listener.messages()]
        assert len(ids) == len(set(ids)) == sums.messages > 500
        orders = {(order["shop"], order["order_no"]): order["paid_minor"] for order in listener.orders()}
        assert len(orders) == sums.orders > 50
        assert sum(orders.values()) == sums.revenue_minor
        assert sum(refund["amount_minor"] for refund in listener.refunds()) == sums.refunds_minor

    def test_history_is_marked_as_history(self, listener: Listener) -> None:
        _load(listener)
        assert not listener.of("/v1/batch")
        assert all(order["historical"] for order in listener.orders())

    def test_nothing_of_the_future_is_told(self, listener: Listener) -> None:
        _load(listener)
        assert max(message["timestamp"] for message in listener.messages()) < NOW
        assert max(order["placed_at"] for order in listener.orders()) < NOW

    def test_batches_keep_within_the_limits(self, listener: Listener) -> None:
        _load(listener)
        for heard in listener.of("/v1/import"):
            assert heard.size <= 500_000
            assert len(heard.body["batch"]) <= 2_500
            assert heard.gzipped == (heard.size >= 4_096)
        assert all(len(heard.body["orders"]) <= 500 for heard in listener.of("/api/orders/batch"))

    def test_keys_go_where_they_belong(self, listener: Listener) -> None:
        _load(listener)
        for heard in listener.heard:
            assert heard.authorization.startswith("Basic " if heard.path.startswith("/v1/") else "Bearer wsk_")

    def test_each_system_has_a_key_of_its_own(self, listener: Listener) -> None:
        keys = {system.value: f"wsk_{system}" for system in System}
        address = Address(listener.url, "w", "a", {"web": "wwk_web"}, keys)
        telling.load(address, seed=5, days=20, until_ms=instant(NOW), customers=CUSTOMERS, keep=None, progress=lambda *_: None)
        for heard in listener.of("/api/orders/batch"):
            assert {order["shop"] for order in heard.body["orders"]} == {heard.authorization.removeprefix("Bearer wsk_")}
        web = "Basic " + b64encode(b"wwk_web:").decode()
        told = {message.get("type") for heard in listener.of("/v1/import") if heard.authorization == web for message in heard.body["batch"]}
        assert "page" in told
        assert "screen" not in told

    def test_a_person_is_told_in_order_by_each_system(self, listener: Listener) -> None:
        _load(listener)
        by_account: dict[str, list[str]] = defaultdict(list)
        for message in listener.messages():
            if "userId" in message and message["type"] == "screen":
                by_account[message["userId"]].append(message["timestamp"])
        assert any(len(instants) > 3 for instants in by_account.values())
        for instants in by_account.values():
            assert all(before <= after for before, after in pairwise(instants))

    def test_tags_are_put_in_bulk_at_the_end_and_one_level_each(self, listener: Listener) -> None:
        _load(listener)
        group_of = {tag["id"]: tag["group"] for tag in listener.rows["/api/tags"]}
        put = [(group_of[heard.path.split("/")[3]], heard.body) for heard in listener.heard if heard.path.endswith("/members")]
        levels = [person["value"] for group, body in put for person in body["put"] if group == "等级"]
        assert len(levels) == len(set(levels)) > 20
        assert all(len(body["put"]) <= tags.PUT_MAX and body["reason"] for _, body in put)

    def test_audiences_are_defined_when_the_tags_are_put(self, listener: Listener) -> None:
        _load(listener)
        paths = [heard.path for heard in listener.heard]
        defined = [place for place, heard in enumerate(listener.heard) if heard.path == "/api/audiences" and heard.method == "POST"]
        assert len(defined) >= 5
        assert defined[0] > max(place for place, path in enumerate(paths) if path.endswith("/members"))

    def test_the_organisation_stands_before_anything_is_sold(self, listener: Listener) -> None:
        _load(listener)
        paths = [heard.path for heard in listener.heard]
        assert max(place for place, path in enumerate(paths) if path.startswith("/api/org/")) < paths.index("/api/orders/batch")
        units = {unit["id"]: unit for unit in listener.rows["/api/org/units"]}
        assert len(units) == 58
        assert sum(1 for unit in units.values() if unit["parent_id"] is None) == 1
        assert all(unit["parent_id"] in units for unit in units.values() if unit["parent_id"])
        assert len(listener.rows["/api/org/staff"]) == 160

    def test_a_second_load_builds_nothing_twice_and_tells_the_same(self, listener: Listener) -> None:
        first = _load(listener)
        again = _load(listener)
        assert again.as_dict() == first.as_dict()
        assert len(listener.rows["/api/org/units"]) == 58
        assert len(listener.rows["/api/org/staff"]) == 160

    def test_the_truth_is_never_sent(self, listener: Listener) -> None:
        _load(listener, days=5)
        told = "".join(str(heard.body) for heard in listener.heard)
        for name in ("uplift", "propensity", "lifetime", "sensitivity", "household", "'person'"):
            assert name not in told


class TestPatience:
    @pytest.mark.parametrize("trouble", [0, 429, 500, 503])
    def test_passing_trouble_is_tried_again(self, listener: Listener, trouble: int) -> None:
        listener.troubles.extend([trouble, trouble])
        with Connection(Address(listener.url, "w", "a")) as connection:
            assert connection.call("GET", "/lab/clock") == {"now": NOW}

    def test_a_refusal_is_raised_at_once(self, listener: Listener) -> None:
        listener.troubles.append(422)
        with Connection(Address(listener.url, "w", "a")) as connection, pytest.raises(Refused, match="422"):
            connection.call("POST", "/api/org/units", {"code": "X"})
        assert not listener.troubles

    def test_what_fails_on_a_connection_reaches_the_caller(self, listener: Listener) -> None:
        listener.troubles.extend([403] * 3)
        with delivery.Courier(Address(listener.url, "w", "a"), historical=False) as courier, pytest.raises(Refused):
            courier.send([Action(0, Kind.MESSAGE, System.MINI, 0, 0, {"type": "track"})])()


class TestFollowing:
    def test_hour_by_hour_tells_the_same_as_day_by_day(self, listener: Listener, tmp_path: Path) -> None:
        keep = tmp_path / "town.json"
        _load(listener, keep, days=3)
        place = telling.read_place(keep)
        assert place.told_until_ms == instant(NOW)
        listener.heard.clear()
        after = telling.live(Address(listener.url, "w", "a"), place, days=2, hours=6, keep=keep, progress=lambda *_: None)
        assert after.told_until_ms == instant(NOW) + 2 * DAY_MS == instant(listener.now)
        assert telling.read_place(keep) == after
        town = place.town()
        expected = [action for stretch in telling.between(town, instant(NOW), instant(NOW) + 2 * DAY_MS) for action in stretch]
        ids = {action.body["messageId"] for action in expected if action.kind is Kind.MESSAGE}
        assert {message["messageId"] for message in listener.messages()} == ids
        assert len(listener.messages()) == len(ids) > 5
        assert len(listener.orders()) == sum(1 for action in expected if action.kind is Kind.ORDER)
        assert not any("historical" in order for order in listener.orders())

    def test_each_step_is_told_after_the_clock_got_there(self, listener: Listener, tmp_path: Path) -> None:
        _load(listener, tmp_path / "town.json", days=3)
        place = telling.read_place(tmp_path / "town.json")
        listener.heard.clear()
        telling.live(Address(listener.url, "w", "a"), place, days=1, hours=6, keep=None, progress=lambda *_: None)
        now = NOW
        for heard in listener.heard:
            if heard.path == "/lab/clock" and heard.method == "POST":
                now = heard.body["now"]
            elif heard.path == "/v1/batch":
                assert all(message["timestamp"] < now for message in heard.body["batch"])

    def test_a_clock_that_stands_still_tells_nothing(self, listener: Listener) -> None:
        place = telling.Place(5, "2025-12-01", CUSTOMERS, instant(NOW))
        with delivery.Courier(Address(listener.url, "w", "a"), historical=False) as courier:
            assert telling.catch_up(courier, place.town(), place, instant(NOW), None) == place
        assert not listener.heard

    def test_following_ends_when_the_server_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(telling, "GONE_SECONDS", 0.05)
        monkeypatch.setattr("wecom_simulator.town.client.TRIES_MAX", 1)
        place = telling.Place(5, "2025-12-01", CUSTOMERS, instant(NOW))
        telling.follow(Address("http://127.0.0.1:9", "w", "a"), place, keep=None, poll_seconds=0.01)

    def test_following_ends_with_whoever_started_it(self, listener: Listener) -> None:
        asked = iter([True, True, False])
        place = telling.Place(5, "2025-12-01", CUSTOMERS, instant(NOW))
        telling.follow(Address(listener.url, "w", "a"), place, keep=None, goes_on=lambda: next(asked), poll_seconds=0.01)
        assert [heard.path for heard in listener.heard] == ["/lab/clock"] * 2


class TestCommand:
    def test_load_prints_progress_and_sums(self, listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        truth_file = tmp_path / "truth.npz"
        arguments = ["load", "--url", listener.url, "--write-key", "w", "--api-key", "a", "--days", "3"]
        arguments += ["--customers", "300", "--state", str(tmp_path / "town.json"), "--truth", str(truth_file)]
        assert command.main(arguments) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("progress 0 3 ")
        assert lines[-2] == "progress 3 3 完成"
        assert lines[-1].startswith('sums {"orders":')
        assert truth_file.stat().st_size > 10_000
        assert command.main(["live", "--url", listener.url, "--state", str(tmp_path / "town.json"), "--days", "1"]) == 0

    def test_a_refusal_ends_with_the_servers_words(self, listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
        listener.troubles.extend([401] * 5)
        assert command.main(["load", "--url", listener.url, "--until", NOW, "--days", "1", "--customers", "200"]) == 1
        assert "401" in capsys.readouterr().err


def test_no_batch_names_an_order_twice() -> None:
    orders = [{"order_no": str(number % 700), "version": number} for number in range(1_600)]
    cut = list(delivery.versions(orders))
    told = [order["version"] for batch in cut for order in batch]
    assert sorted(told) == list(range(1_600))
    for batch in cut:
        assert len({order["order_no"] for order in batch}) == len(batch) <= 500
    for number in range(700):
        versions = [version for version in told if version % 700 == number]
        assert versions == sorted(versions)


def test_batches_lose_nothing() -> None:
    messages = [{"messageId": str(number), "text": "泉" * (number % 4_000)} for number in range(3_000)]
    cut = list(delivery.batches(messages))
    assert [message for batch in cut for message in batch] == messages
    assert all(len(batch) <= delivery.BATCH_MESSAGES_MAX for batch in cut)
    assert len(cut) > 3
