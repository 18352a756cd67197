"""Two installations on one PostgreSQL database: what a second process is, with connections, locks and memories of its own.

chDB opens a folder in one process only, so both stand in this one and share its log, as two processes share a ClickHouse.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support import activity as support
from tests.support import workspaces
from wellspring.activity import api
from wellspring.activity.contracts import OrderState
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Installation, Workspace

pytestmark = [pytest.mark.postgres]
_VERSIONS = 12


@pytest.fixture
def both(installation_on_postgres: Installation, home: Path, postgres_url: str) -> Iterator[tuple[Workspace, Workspace]]:
    """The same workspace in two processes."""
    beside = workspaces.installation(home, database_url=postgres_url)
    with workspaces.fresh(installation_on_postgres) as one:
        yield one, beside.create(one.slug)
        beside.close()


def test_versions_of_one_order_from_two_processes_are_one_history(both: tuple[Workspace, Workspace]) -> None:
    barrier = threading.Barrier(2)

    def write(process: int) -> None:
        for version in range(process, _VERSIONS, 2):
            at = support.NOON + dt.timedelta(minutes=version)
            paid = 1000 + version
            barrier.wait(60)
            api.write_orders(both[process], by=SYSTEM, orders=[support.order(updated_at=at, paid_minor=paid, total_minor=paid)])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, range(2)))
    for ws in both:
        member_no = support.buyer_no(ws)
        bought = api.purchases(ws, member_no=member_no)
        assert [one.paid_minor for one in bought.orders] == [1000 + _VERSIONS - 1]
        assert bought.facts.revenue_minor == 1000 + _VERSIONS - 1
        told = support.kinds(ws, member_no)
        assert (told.count("Order Placed"), told.count("Order Completed")) == (1, 1)
        assert [row for row in api.check(ws) if not row[1]] == []


def test_the_same_orders_told_to_two_processes_are_made_once(both: tuple[Workspace, Workspace]) -> None:
    barrier = threading.Barrier(2)
    orders = [support.order(str(number), state=OrderState.PAID) for number in range(40)]

    def write(process: int) -> list[str]:
        barrier.wait(60)
        return [one.outcome.value for one in api.write_orders(both[process], by=SYSTEM, orders=orders)]

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(write, range(2)))
    assert outcomes == [["created"] * 40, ["unchanged"] * 40]
    for ws in both:
        told = support.kinds(ws, support.buyer_no(ws))
        assert told.count("Order Completed") == 40
        assert [row for row in api.check(ws) if not row[1]] == []
