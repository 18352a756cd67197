"""An erased person leaves everything that channels holds of them."""

from typing import Any

from wellspring.channels.service import upkeep
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    upkeep.forget_people(workspace, tx, list(body["member_nos"]))


SUBSCRIBERS = [Subscriber("channels.forget", frozenset({Erased.name}), _forget)]
