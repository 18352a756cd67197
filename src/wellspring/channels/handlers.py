"""An erased person leaves everything that channels holds of them; contacts and tags that changed are compared with each other."""

from typing import Any

from wellspring.channels.events import ContactAdded, ContactChanged, ContactLost, GroupChanged
from wellspring.channels.repo import followers, groups, sends
from wellspring.channels.service import corptags, tagging, transfers, upkeep
from wellspring.kernel import bus
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased
from wellspring.tags.events import Changed, Defined


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    numbers = list(body["member_nos"])
    upkeep.forget_people(workspace, tx, numbers)
    groups.forget(tx, numbers)
    followers.forget(tx, numbers)
    sends.forget_people(tx, numbers)


def _compare_tags(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    tagging.want(workspace, tx, body["account_id"], [body["external_userid"]])


def _name_in_groups(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    account_id, external_userid, member_no = body["account_id"], body["external_userid"], body["member_no"]
    if member_no and groups.name_member(tx, account_id, external_userid, member_no):
        # Who is in a group changed, though nobody came or went.
        told = GroupChanged(account_id, "", "active")
        bus.tell(workspace.sql, tx, told, at=workspace.clock.now())


def _handed_over(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    transfers.lost(workspace, tx, body)


def _tags_changed(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    tagging.changed_here(workspace, tx, list(body["tag_ids"]))


def _tags_defined(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - the bus's signature
    corptags.want_sync(workspace, tx)


SUBSCRIBERS = [
    Subscriber("channels.forget", frozenset({Erased.name}), _forget),
    Subscriber("channels.compare_tags", frozenset({ContactAdded.name, ContactChanged.name}), _compare_tags),
    Subscriber("channels.name_in_groups", frozenset({ContactAdded.name}), _name_in_groups),
    Subscriber("channels.handed_over", frozenset({ContactLost.name}), _handed_over),
    Subscriber("channels.tags_changed", frozenset({Changed.name}), _tags_changed),
    Subscriber("channels.tags_defined", frozenset({Defined.name}), _tags_defined),
]
