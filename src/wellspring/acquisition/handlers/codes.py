"""What codes read of the outbox: arrivals, losses, groups, changed staff and stores, erased people."""

from typing import Any

from wellspring.acquisition.contracts.codes import CodeKind
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.service import arriving, clockwork
from wellspring.channels import events as channels
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import events as organization
from wellspring.people.events import Erased


def _added(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    arriving.added(workspace, tx, body)


def _explained(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    arriving.explained(workspace, tx, body)


def _lost(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    arriving.lost(workspace, tx, body)


def _joined(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    arriving.joined(workspace, tx, body)


def _staff_changed(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - the bus's signature
    """Somebody came, left, moved, or a store opened or closed: every code that may name them is looked at."""
    now = workspace.clock.now()
    for kind in (CodeKind.STORE, CodeKind.CHANNEL, CodeKind.LINK):
        repo.wake(tx, now, kind=kind)
    clockwork.ring(workspace, clockwork.TURNING)


def _entrance_changed(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    found = repo.way_of_entrance(tx, body["entrance_id"])
    if found is not None:
        repo.update(tx, found[1], tend_at=workspace.clock.now())
        clockwork.ring(workspace, clockwork.TENDING)


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - as above
    arrivals.forget(tx, body["member_nos"])


_STAFF = frozenset(
    {
        organization.StaffAdded.name,
        organization.StaffChanged.name,
        organization.StaffMoved.name,
        organization.RowsImported.name,
        organization.RowsRemoved.name,
        organization.UnitCreated.name,
        organization.UnitChanged.name,
    }
)

SUBSCRIBERS = [
    Subscriber("acquisition.added", frozenset({channels.ContactAdded.name}), _added),
    Subscriber("acquisition.explained", frozenset({channels.LinkCustomerFound.name}), _explained),
    Subscriber("acquisition.lost", frozenset({channels.ContactLost.name}), _lost),
    Subscriber("acquisition.joined", frozenset({channels.GroupJoined.name}), _joined),
    Subscriber("acquisition.entrances", frozenset({channels.EntranceChanged.name}), _entrance_changed),
    Subscriber("acquisition.staff", _STAFF, _staff_changed),
    Subscriber("acquisition.forget", frozenset({Erased.name}), _forget),
]
