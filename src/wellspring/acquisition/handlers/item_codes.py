"""What codes on packages read of the outbox: whoever was erased owns no package by name any more."""

from typing import Any

from wellspring.acquisition.repo import item_codes
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.events import Erased


def _forget(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ARG001 - the bus's signature
    item_codes.forget(tx, body["member_nos"])


SUBSCRIBERS = [Subscriber("acquisition.forget_packages", frozenset({Erased.name}), _forget)]
