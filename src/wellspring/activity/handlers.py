"""Activity listens to people: who holds a merged number's past, and who came apart again."""

from typing import Any

from wellspring.activity.facts import holders
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx


def _merged(workspace: Any, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ANN401, ARG001 - the shape of every handler
    holder = body.get("restored_no", body["survivor_no"])
    holders.write(workspace, {int(number): int(holder) for number in body["moved_nos"]})


SUBSCRIBERS = [Subscriber("activity.holders", frozenset({"people.merged", "people.unmerged"}), _merged)]
