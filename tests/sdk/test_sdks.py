"""The stock Segment libraries, pointed at a running Wellspring: nothing of ours is between them and the wire."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from segment.analytics.client import Client

from tests.support import server

pytestmark = pytest.mark.slow
_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    with server.running(tmp_path_factory.mktemp("sdk") / "home") as started:
        yield started


def _counts(client: httpx.Client) -> dict[str, int]:
    return {row["kind"]: row["count"] for row in client.get("/api/events/catalogue").raise_for_status().json()["rows"]}


def _timeline(client: httpx.Client, user: str) -> list[dict[str, object]]:
    found = client.get("/api/members", params={"identity": f"user_id:{user}"}).raise_for_status().json()["rows"]
    assert len(found) == 1
    return list(client.get(f"/api/members/{found[0]['id']}/timeline", params={"limit": 200}).raise_for_status().json()["rows"])


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
def test_segment_analytics_python(running: server.Server, gzip: bool) -> None:
    failures: list[object] = []
    user = f"python-{gzip}"
    with running.client() as client:
        before = _counts(client)
        analytics = Client(
            running.key(kind="write"),
            host=running.url,
            gzip=gzip,
            on_error=lambda problem, _: failures.append(problem),
            upload_size=20,
            max_retries=2,
        )
        for place in range(50):
            analytics.track(user, "Product Added", {"place": place, "商品": "精华水", "price": 178.8})
        analytics.identify(user, {"city": "上海", "email": "python@example.com"})
        analytics.page(user, "Shop", "首页", {"url": "https://shop.example/"})
        analytics.screen(user, "Home")
        analytics.group(user, "vip", {"plan": "gold"})
        analytics.alias(f"{user}-old", user)
        analytics.flush()
        analytics.join()
        assert failures == []
        grown = {kind: count - before.get(kind, 0) for kind, count in _counts(client).items()}
        assert grown == {"Product Added": 50, "Identify": 1, "Page Viewed": 1, "Screen Viewed": 1, "Group": 1, "Alias": 1}
        events = _timeline(client, user)
        assert len(events) == 55
        assert all(event["source"] == "test" for event in events)
        assert "python@example.com" not in str(events)


def test_segment_analytics_node(running: server.Server) -> None:
    if shutil.which("node") is None:
        pytest.skip("no Node on this machine")
    if not (_HERE / "node_modules").is_dir():
        installed = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=_HERE, capture_output=True, text=True, check=False
        )
        if installed.returncode:
            pytest.skip("npm cannot install the library here: " + installed.stderr[-300:])
    sent = subprocess.run(
        ["node", "send.mjs", running.url, running.key(kind="write")], cwd=_HERE, capture_output=True, text=True, timeout=120, check=False
    )
    assert sent.returncode == 0, sent.stderr
    with running.client() as client:
        events = _timeline(client, "node-1")
    kinds = [event["kind"] for event in events]
    assert kinds.count("Product Viewed") == 40
    assert {"Identify", "Page Viewed", "Screen Viewed", "Group", "Alias"} <= set(kinds)
    assert next(event["at"] for event in events if event["kind"] == "Backfilled").startswith("2026-01-02T03:04:0")  # type: ignore[attr-defined]


def test_a_wrong_key_is_refused(running: server.Server) -> None:
    failures: list[object] = []
    analytics = Client("wwk_main_nothing", host=running.url, on_error=lambda problem, _: failures.append(problem), max_retries=0)
    analytics.track("nobody", "Nothing")
    analytics.flush()
    analytics.join()
    assert len(failures) == 1
