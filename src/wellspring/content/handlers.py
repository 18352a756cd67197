"""Whoever is erased leaves nothing of what they opened on its way to the log."""

from typing import Any

from wellspring.content.repo import tracks
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - every handler is given it
    tracks.forget(tx, list(body["member_nos"]))


SUBSCRIBERS = [Subscriber("content.forget", frozenset({Erased.name}), _forget)]
