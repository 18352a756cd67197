"""One real server in lab mode and one signed-in browser session per test process; the built console is what is driven.

They end with the last test here, so that whatever is tested next has the machine for itself.
"""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support import browser as browsers
from tests.support.server import Server, running
from wellspring.console.http.pages import STATIC

PHONE = {"width": 390, "height": 844}
# A build machine may be busy with other tests at the same time.
SLOWEST_MS = 30_000
expect.set_options(timeout=SLOWEST_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test here."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with browsers.chromium() as running:
        yield running


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server; tests make what they need in it under names of their own."""
    if not (STATIC / "index.html").exists():
        pytest.skip("the console is not built (make web)")
    with running(tmp_path_factory.mktemp("e2e") / "home", WELLSPRING_LAB="1") as server:
        yield server


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    """The API as this machine's own caller."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="package")
def session(browser: Browser, server: Server) -> StorageState:
    """The cookie of the owner, who came in by a one-time link."""
    context = browser.new_context(locale="zh-CN")
    opened = context.new_page()
    opened.goto(server.sign_in_link())
    opened.wait_for_url(re.compile(r"/(first-run|overview)"))
    state = context.storage_state()
    context.close()
    return state


def _console(browser: Browser, server: Server, session: StorageState | None, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url,
        storage_state=session,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": size["width"], "height": size["height"]},
        accept_downloads=True,
        # As somebody who asked for less motion: nothing moves away under a click.
        reduced_motion="reduce",
    )
    opened = context.new_page()
    opened.set_default_timeout(SLOWEST_MS)
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("console", lambda message: failures.append(message.text) if "Content Security Policy" in message.text else None)
    yield opened
    context.close()
    assert failures == []


@pytest.fixture
def console(browser: Browser, server: Server, session: StorageState) -> Iterator[Page]:
    """The console on a desk, signed in."""
    yield from _console(browser, server, session, {"width": 1440, "height": 900})


@pytest.fixture
def phone(browser: Browser, server: Server, session: StorageState) -> Iterator[Page]:
    """The console on a phone, signed in."""
    yield from _console(browser, server, session, PHONE)


@pytest.fixture
def stranger(browser: Browser, server: Server) -> Iterator[Page]:
    """The console before anyone has signed in."""
    yield from _console(browser, server, None, {"width": 1440, "height": 900})
