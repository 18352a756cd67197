"""An erased person leaves everything that channels holds of them; contacts and tags that changed are compared with each other."""

from typing import Any

from wellspring.channels.events import ContactAdded, ContactChanged
from wellspring.channels.repo import followers, groups
from wellspring.channels.service import corptags, tagging, upkeep
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


def _compare_tags(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    tagging.want(workspace, tx, body["account_id"], [body["external_userid"]])


def _name_in_groups(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - the bus's signature
    if body["member_no"]:
        groups.name_member(tx, body["account_id"], body["external_userid"], body["member_no"])


def _tags_changed(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    tagging.changed_here(workspace, tx, list(body["tag_ids"]))


def _tags_defined(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - the bus's signature
    corptags.want_sync(workspace, tx)


SUBSCRIBERS = [
    Subscriber("channels.forget", frozenset({Erased.name}), _forget),
    Subscriber("channels.compare_tags", frozenset({ContactAdded.name, ContactChanged.name}), _compare_tags),
    Subscriber("channels.name_in_groups", frozenset({ContactAdded.name}), _name_in_groups),
    Subscriber("channels.tags_changed", frozenset({Changed.name}), _tags_changed),
    Subscriber("channels.tags_defined", frozenset({Defined.name}), _tags_defined),
]
