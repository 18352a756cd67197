"""Fixtures that every kind of test shares. Factories of a domain are in tests/support/<domain>.py."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser as browsers
from tests.support import postgres, workspaces
from tests.support.engines import pytest_generate_tests
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace

__all__ = ["pytest_generate_tests"]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this test process."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def installation(home: Path) -> Iterator[Installation]:
    """This process's installation on SQLite and chDB; take `workspace` unless the test is about several of them."""
    place = workspaces.installation(home)
    yield place
    place.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test process."""
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL server on this machine")
    with postgres.cluster() as url:
        yield url


@pytest.fixture(scope="session")
def installation_on_postgres(home: Path, postgres_url: str) -> Iterator[Installation]:
    """The same data folder (chDB allows one), with the transactional store on PostgreSQL."""
    place = workspaces.installation(home, database_url=postgres_url)
    yield place
    place.close()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """Where rows are kept (tests/support/engines.py)."""
    return str(request.param)


@pytest.fixture(scope="session")
def place(engine: str, request: pytest.FixtureRequest) -> Installation:
    """This process's installation on the engine."""
    found = request.getfixturevalue("installation" if engine == "sqlite" else "installation_on_postgres")
    assert isinstance(found, Installation)
    return found


@pytest.fixture(scope="session")
def engine_url(engine: str, request: pytest.FixtureRequest) -> str | None:
    """The address of the engine for a store without an installation; None is SQLite in a folder of the test's own."""
    return None if engine == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def workspace(place: Installation) -> Iterator[Workspace]:
    """A fresh workspace whose clock stands at 2026-03-18 12:00 in Shanghai."""
    with workspaces.fresh(place) as fresh:
        yield fresh


@pytest.fixture
def clock(workspace: Workspace) -> VirtualClock:
    """The workspace's clock, to be moved."""
    assert isinstance(workspace.clock, VirtualClock)
    return workspace.clock


@pytest.fixture
def engine_free(installation: Installation) -> None:
    """Closes the shared installation, for a test that opens another data folder in this process and closes it itself."""
    installation.close()


@pytest.fixture
def by() -> Principal:
    """Somebody who may do everything; tests of permissions make their own principals."""
    return SYSTEM


@pytest.fixture
def statements(workspace: Workspace) -> Iterator[workspaces.Statements]:
    """The SQL statements of the test from here on; clear() it before the call that is counted."""
    with workspaces.recorded(workspace) as recorded:
        yield recorded


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data sets (docs/decisions/0006-real-data.md); tests on them are skipped where it is absent."""
    folder = Path(os.environ.get("WELLSPRING_REAL_DATA") or ROOT.parent / "shared/data")
    if not folder.is_dir():
        pytest.skip("no real data here: point WELLSPRING_REAL_DATA at the folder")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with browsers.chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, in Chinese and in Shanghai, that fails the test when the console logs an error."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert failures == []
