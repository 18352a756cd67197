"""What touches hear: receipts and replies of channels."""

import datetime as dt
from typing import Any

from wellspring.channels.contracts.sends import Receipt, ReceiptState
from wellspring.channels.events import Receipt as ReceiptTold
from wellspring.channels.events import Replied
from wellspring.engagement.service import following
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def _receipt(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    at = dt.datetime.fromisoformat(body["at"])
    told = Receipt(body["provider_id"], body["address"], ReceiptState(body["state"]), body["reason"], at)
    following.heard(workspace, tx, body["parcel_key"], told)


def _reply(workspace: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    if body["parcel_key"]:
        told = Receipt("", body["address"], ReceiptState.REPLIED, "", dt.datetime.fromisoformat(body["at"]))
        following.heard(workspace, tx, body["parcel_key"], told)


SUBSCRIBERS = [
    Subscriber("engagement.receipts", frozenset({ReceiptTold.name}), _receipt),
    Subscriber("engagement.replies", frozenset({Replied.name}), _reply),
]
