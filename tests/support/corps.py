"""A workspace connected to the simulator's corp, whose clocks move together."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.simulator import Simulator, simulating
from wecom_simulator.corp import Staff
from wecom_simulator.events import Event
from wecom_simulator.external import friends
from wecom_simulator.external.friends import Arrival
from wecom_simulator.external.state import External
from wecom_simulator.faults import Faults, Order
from wecom_simulator.world import Person
from wellspring.app import wiring
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.repo import contacts
from wellspring.kernel import bus, jobs, pumps
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind


@dataclass
class Corp:
    """The workspace, the simulator, and the account that joins them."""

    ws: Workspace
    sim: Simulator
    account_id: str
    told: list[Event] = field(default_factory=list)

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

    def person(self, name: str) -> str:
        """Somebody of WeChat whom the corp has an id for; gives it."""
        person = self.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
        return friends.contact_of(self.sim.corp, person).external_userid

    def listen(self) -> None:
        """Notes what the corp's callbacks would tell, so that a test may bring it in any order."""
        emit = self.sim.world.emit

        def noted(event: Event, *rest: Any, **more: Any) -> None:
            self.told.append(event)
            emit(event, *rest, **more)

        self.sim.world.emit = noted  # type: ignore[method-assign]

    def fields(self, event: Event) -> dict[str, Any]:
        """An event as its reader gets it."""
        named = {name: str(value) if isinstance(value, int) else value for name, value in event.fields.items()}
        return {"Event": event.name, "ChangeType": event.change, **named}

    def member_of(self, external_userid: str) -> int:
        """The number of a contact, made where it is new."""
        claim = Claim((Identity(IdentityKind.EXTERNAL_USERID, external_userid),), self.ws.clock.now())
        return people.resolve(self.ws, by=SYSTEM, claims=[claim]).member_nos[0]

    def befriend(self, userid: str, name: str) -> str:
        """Makes somebody a customer of a member, and known here; gives the contact."""
        person = self.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
        friends.befriend(self.sim.world, self.sim.corp, userid, person, Arrival(add_way=1))
        external_userid = friends.contact_of(self.sim.corp, person).external_userid
        self.reconcile(external_userid)
        return external_userid

    def reconcile(self, *external_userids: str) -> None:
        """Fetches contacts, as their callbacks make it happen, and lets everybody hear of it."""
        for external_userid in external_userids:
            channels.reconcile_contact(self.ws, account_id=self.account_id, external_userid=external_userid)
        self.hear()

    def hear(self) -> None:
        """Lets every domain react to what was told, until nothing is told any more."""
        while bus.deliver(self.ws, wiring.subscribers(), now=self.ws.clock.now) or jobs.run_due(self.ws) or self.work():
            pass

    def number(self, external_userid: str) -> int:
        """The member who is a contact."""
        found = channels.contact_of(self.ws, by=SYSTEM, account_id=self.account_id, external_userid=external_userid)
        return found.member_no

    def know_staff(self, *userids: str) -> None:
        """Makes members of the corp known here, as a sync of contacts does."""
        row = {"account_id": self.account_id, "staff_id": None, "is_chosen": False, "is_active": True, "can_contact": True}
        with self.ws.sql.write() as tx:
            contacts.add_staff(tx, [row | {"userid": one, "name": one, "synced_at": self.ws.clock.now()} for one in userids])

    def advance(self, **span: float) -> None:
        """Moves both clocks on and lets the pumps work."""
        step = dt.timedelta(**span)
        assert isinstance(self.ws.clock, VirtualClock)
        self.ws.clock.move_to(self.ws.clock.now() + step)
        self.sim.advance(step.total_seconds())
        self.work()

    def work(self) -> int:
        """Lets every pump work until nothing is left to do; gives the number of rows worked."""
        count = 0
        # A call that is tried again rests in between, so it is the time that ends this and not the number of steps.
        until = time.monotonic() + 60
        while done := pumps.work_off(self.ws):
            count += done
            assert time.monotonic() < until
        return count


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
