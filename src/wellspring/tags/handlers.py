"""People who became one keep one tag of an exclusive group, come apart with what they had, and leave every tag when erased."""

from typing import Any

from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased, Merged, Unmerged
from wellspring.tags.service import joining


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    joining.forget(workspace, tx, list(body["member_nos"]))


def _merged(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    joining.merged(workspace, tx, body)


def _unmerged(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    joining.unmerged(workspace, tx, body)


SUBSCRIBERS = [
    Subscriber("tags.forget", frozenset({Erased.name}), _forget),
    Subscriber("tags.merged", frozenset({Merged.name}), _merged),
    Subscriber("tags.unmerged", frozenset({Unmerged.name}), _unmerged),
]
