"""What became of touches: news is written once and only forward, places under the caps follow, and whoever cares is told."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.contracts.sends import SILENT, Receipt
from wellspring.engagement.contracts.touches import Fate, Origin, Told
from wellspring.engagement.events.touches import SendEnded
from wellspring.engagement.repo import batches, counters, ledger
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.repo.ledger import Move
from wellspring.engagement.rules import fates
from wellspring.engagement.service import turns
from wellspring.kernel import bus, pumps
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Steps on the way that nobody outside has to hear of.
_UNTOLD = frozenset({Fate.CLAIMED, Fate.CALLING, Fate.UNKNOWN, Fate.WAITING})
_OWED = frozenset({Told.SENT_OWED, Told.FAILED_OWED})
# Members named by one event; a large campaign tells in pieces.
_TOLD_MAX = 5_000
Row = Mapping[str, Any]
News = Mapping[int, tuple[Fate, str]]


def settle(ws: Workspace, tx: Tx, sends: Sequence[Row], news: News, at: dt.datetime) -> int:
    """Writes how far these touches came, as far as it is news; gives how many moved."""
    moved = [(send, *news[send["id"]]) for send in sends if send["id"] in news and fates.is_news(Fate(send["fate"]), news[send["id"]][0])]
    if not moved:
        return 0
    owed = {send["id"]: _owed(send, fate) for send, fate, _ in moved}
    ledger.move_sends(
        tx, [Move(send["id"], fate, reason, fate not in fates.ENDED_BADLY, owed[send["id"]]) for send, fate, reason in moved], at
    )
    if not _OWED.isdisjoint(owed.values()):
        ws.sql.after_commit(lambda: pumps.wake(turns.NOTING))
    _count(ws, tx, [(send, fate not in fates.ENDED_BADLY) for send, fate, _ in moved])
    _tell(ws, tx, moved, at)
    return len(moved)


def _owed(send: Row, fate: Fate) -> Told:
    # Whoever joins an audience at an ad platform was sent no message.
    told = Told(send["told"])
    return told if send["channel"] in SILENT else fates.told_after(told, fate)


def hear(ws: Workspace, tx: Tx, parcel: Row, receipts: Iterable[Receipt], at: dt.datetime) -> int:
    """Takes in what a provider told of a call, in any order and however often (D10, I27)."""
    sends = ledger.sends_of(tx, parcel["key"])
    by_address: dict[str, list[Row]] = {}
    for send in sends:
        by_address.setdefault(send["address"], []).append(send)
    news: dict[int, tuple[Fate, str]] = {}
    for receipt in receipts:
        told = fates.of_receipt(receipt.state)
        for send in by_address.get(receipt.address, sends if not receipt.address else ()):
            before = news.get(send["id"])
            if before is None or fates.is_news(before[0], told):
                news[send["id"]] = told, receipt.reason
    return settle(ws, tx, sends, news, at)


def tell_dropped(ws: Workspace, tx: Tx, batch: Batch, dropped: Mapping[str, BitMap], at: dt.datetime) -> None:
    """Tells that touches which were planned will not be made."""
    for reason, members in dropped.items():
        numbers = list(members)
        for start in range(0, len(numbers), _TOLD_MAX):
            piece = numbers[start : start + _TOLD_MAX]
            instances = [batch.keys.get(number, "") for number in piece] if batch.keys else []
            bus.tell(ws.sql, tx, _event(batch.origin, batch.scope, batch.channel, Fate.DROPPED, reason, piece, instances), at=at)


def _count(ws: Workspace, tx: Tx, moved: Sequence[tuple[Row, bool]]) -> None:
    """Frees the places of those that ended badly, and takes them again for those of whom better news came after all."""
    turned = [(send, keeps) for send, keeps in moved if bool(send["is_charged"]) != keeps]
    if not turned:
        return
    ws.sql.lock(tx, turns.PLANNING)
    for batch_id in sorted({send["batch_id"] for send, _ in turned}):
        batch = batches.one(tx, batch_id)
        if batch is None:
            continue
        mine = [(send["member_no"], keeps) for send, keeps in turned if send["batch_id"] == batch_id]
        if freed := BitMap(number for number, keeps in mine if not keeps):
            counters.release(tx, batch.reservation(freed))
        if taken := BitMap(number for number, keeps in mine if keeps):
            counters.charge(tx, batch.reservation(taken))


def _tell(ws: Workspace, tx: Tx, moved: Sequence[tuple[Row, Fate, str]], at: dt.datetime) -> None:
    told: dict[tuple[Origin, str, str, Fate, str], list[Row]] = {}
    for send, fate, reason in moved:
        if fate not in _UNTOLD:
            origin = Origin(send["origin_kind"], send["origin_id"], send["origin_version"], send["origin_node"])
            told.setdefault((origin, send["scope"], send["channel"], fate, reason), []).append(send)
    for (origin, scope, channel, fate, reason), sends in told.items():
        for start in range(0, len(sends), _TOLD_MAX):
            piece = sends[start : start + _TOLD_MAX]
            instances = [send["instance"] for send in piece] if any(send["instance"] for send in piece) else []
            numbers = [send["member_no"] for send in piece]
            bus.tell(ws.sql, tx, _event(origin, scope, channel, fate, reason, numbers, instances), at=at)


def _event(origin: Origin, scope: str, channel: str, fate: Fate, reason: str, member_nos: list[int], instances: list[str]) -> SendEnded:
    return SendEnded(str(origin.kind), origin.id, origin.version, origin.node, scope, channel, fate.value, reason, member_nos, instances)
