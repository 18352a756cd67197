"""Two processes on one PostgreSQL database share a corp's tokens, its limits and its callbacks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support import workspaces
from tests.support.corps import Corp, connected
from tests.support.door import bring, opened
from wecom_simulator.faults import Faults
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import Account, CallbackState
from wellspring.channels.service import working
from wellspring.kernel import bus
from wellspring.kernel.workspace import Installation, Workspace

pytestmark = [pytest.mark.postgres]
LIST = "externalcontact/get_follow_user_list"


@pytest.fixture
def both(installation_on_postgres: Installation, home: Path, postgres_url: str) -> Iterator[tuple[Corp, Workspace]]:
    """A connected corp, and its workspace as another process has it."""
    beside = workspaces.installation(home, database_url=postgres_url)
    with workspaces.fresh(installation_on_postgres) as one, connected(one) as corp:
        corp.hire("anna")
        yield opened(corp), beside.create(one.slug)
        beside.close()


def test_an_expiry_costs_one_fetch_for_both(both: tuple[Corp, Workspace], monkeypatch: pytest.MonkeyPatch) -> None:
    corp, other = both
    fetched: list[str] = []
    fetch = client._fetch_token

    def noted(ws: Workspace, account: Account) -> tuple[str, int]:
        fetched.append(account.id)
        return fetch(ws, account)

    monkeypatch.setattr(client, "_fetch_token", noted)
    account = channels.account(corp.ws, corp.account_id)

    def ask(number: int) -> Any:
        return client.call((corp.ws, other)[number % 2], account, LIST)["errcode"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(16))) == {0}
        assert len(fetched) == 1
        corp.sim.http.post("/simulator/tokens/forget", json={}).raise_for_status()
        assert set(pool.map(ask, range(16))) == {0}
    assert len(fetched) == 2


def test_a_limit_that_one_met_holds_for_both(both: tuple[Corp, Workspace]) -> None:
    corp, other = both
    account = channels.account(corp.ws, corp.account_id)
    corp.spoil("rate", "get_follow_user_list", times=100)
    for ws in (corp.ws, other, corp.ws, other):
        with pytest.raises(errors.ChannelLimited):
            client.call(ws, account, LIST)
    assert corp.sim.world.part(Faults).counts["rate"] == 1


def test_callbacks_are_worked_by_one_of_them_each(both: tuple[Corp, Workspace]) -> None:
    corp, other = both
    for number in range(30):
        corp.person(f"P{number}")
        corp.sim.act("add_by", userid="anna", person=f"oP{number}", half=False)
    bring(corp, corp.told * 3)
    with ThreadPoolExecutor(2) as pool:
        while sum(pool.map(working.step, (corp.ws, other))):
            pass
    assert {row.state for row in channels.callbacks(corp.ws, limit=200).rows} == {CallbackState.DONE}
    with corp.ws.sql.read() as tx:
        assert len(bus.since(tx, "channels.contact_added", 0, limit=1000)) == 30
