"""Erased people leave every tag."""

from typing import Any

from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased
from wellspring.tags import service


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    service.forget(workspace, tx, list(body["member_nos"]))


SUBSCRIBERS = [Subscriber("tags.forget", frozenset({Erased.name}), _forget)]
