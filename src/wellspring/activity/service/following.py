"""Following merges: who holds a merged number's past, and who came apart again, as people tells it."""

from typing import Any

from wellspring.activity.facts import holders
from wellspring.kernel import bus
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def _merged(workspace: Any, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ANN401, ARG001 - the shape of every handler
    holder = body.get("restored_no", body["survivor_no"])
    holders.write(workspace, {int(number): int(holder) for number in body["moved_nos"]})


SUBSCRIBER = Subscriber("activity.holders", frozenset({"people.merged", "people.unmerged"}), _merged)


def catch_up(ws: Workspace) -> None:
    """Hears every merge told so far now, instead of at the next delivery: for readers that must see today's holders."""
    bus.deliver(ws, [SUBSCRIBER], now=ws.clock.now)
