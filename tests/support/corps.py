"""A workspace connected to the simulator's corp, whose clocks move together."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.support.simulator import Simulator, simulating
from wecom_simulator.corp import Staff
from wecom_simulator.external import group_calls, join_way_calls, tag_calls, transfer_calls, way_calls
from wecom_simulator.external.state import External
from wecom_simulator.faults import Faults, Order
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.kernel import pumps
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

# Imported for the endpoints that they register.
REGISTERING = (group_calls, join_way_calls, tag_calls, transfer_calls, way_calls)


@dataclass
class Corp:
    """The workspace, the simulator, and the account that joins them."""

    ws: Workspace
    sim: Simulator
    account_id: str

    @property
    def external(self) -> External:
        """What the simulator knows of contacts, ways, tags and groups: the truth."""
        return self.sim.corp.part(External)

    def spoil(self, kind: str, path: str, *, times: int = 1) -> None:
        """Makes the next calls of a path go wrong."""
        self.sim.world.part(Faults).orders.append(Order(kind, path, times=times))

    def hire(self, *userids: str) -> None:
        """Adds members who may serve customers."""
        for userid in userids:
            self.sim.corp.staff[userid] = Staff(userid, userid.title(), wechat_login_at=int(self.sim.world.clock.now()))

    def advance(self, **span: float) -> None:
        """Moves both clocks on and lets the pumps work."""
        step = dt.timedelta(**span)
        assert isinstance(self.ws.clock, VirtualClock)
        self.ws.clock.move_to(self.ws.clock.now() + step)
        self.sim.advance(step.total_seconds())
        self.work()

    def work(self) -> None:
        """Lets every pump work until nothing is left to do."""
        for _ in range(50):
            if not pumps.work_off(self.ws):
                return


@contextmanager
def connected(ws: Workspace) -> Iterator[Corp]:
    """The workspace with a corp of its own."""
    with simulating() as sim:
        yield Corp(ws, sim, connect(ws, sim))


def connect(ws: Workspace, sim: Simulator) -> str:
    """Connects the simulator's corp; gives the account."""
    draft = AccountDraft(AccountKind.WECOM, "总部", sim.corp.corpid, str(sim.app.agent_id), secret=sim.app.secret, host=sim.url)
    return channels.connect(ws, by=SYSTEM, draft=draft).id


@pytest.fixture
def corp(workspace: Workspace) -> Iterator[Corp]:
    """A connected corp."""
    with connected(workspace) as found:
        yield found
