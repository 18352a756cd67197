"""Who entered and left is told to webhooks after the transaction that made it so."""

from typing import Any

from wellspring.audiences.events import Changed
from wellspring.audiences.service import pushing
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def _push(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    pushing.queue(workspace, tx, str(body["audience_id"]))


SUBSCRIBERS = [Subscriber("audiences.push", frozenset({Changed.name}), _push)]
