"""From an intent to calls: who is still to be touched gets a body and an address, and a row in the ledger before any call.

A claim is fenced: a worker that lost its lease writes nothing (D04). The intent shrinks as rows are written, so a crash
between two cuts continues with whoever is left, and never with whoever has a row (D06).
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Capabilities, Channel
from wellspring.content.contracts import Attachment, Body, PartKind, Rendered
from wellspring.engagement.contracts.touches import Fate, ParcelState, Why
from wellspring.engagement.repo import batches, counters, ledger
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.service import instancing, settling
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.service.turns import PLANNING, scope_set
from wellspring.kernel import failpoints, sets
from wellspring.kernel.ids import new_ids
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# A worker that says nothing for so long is taken for lost.
LEASE = dt.timedelta(minutes=5)
# Members of one cut: rendered and written in one transaction of a second or less.
_CUT_MAX = 2_000
CONTEXT = "engagement.body"


@dataclasses.dataclass(frozen=True)
class Cut:
    """The members of one cut: those with a body and an address, and why the others have none."""

    at: dt.datetime
    written: tuple[tuple[int, str, Body], ...]
    dropped: Mapping[str, BitMap]


def step(ws: Workspace) -> int:
    """Cuts the next intent that is due, in pieces; gives how many calls came of it."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        if not batches.has_due(tx, now):
            return 0
    with ws.sql.write() as tx:
        batch = batches.claim(tx, now, now + LEASE)
    if batch is None:
        return 0
    failpoints.hit("engagement.cut.claimed")
    made = 0
    left = batch.members
    while left:
        piece = BitMap(left[:_CUT_MAX])
        cut = _prepared(ws, batch, piece)
        with ws.sql.write() as tx:
            wrote = _write(ws, tx, batch, cut)
            failpoints.hit("engagement.cut.before_commit")
        if wrote is None:
            return made
        made += wrote
        left = left - piece
    return max(made, 1)


def body_of(ws: Workspace, sealed: bytes) -> Body:
    """A body as it was rendered."""
    kept = json.loads(ws.keys.open(sealed, context=CONTEXT))
    attachments = tuple(Attachment(**(part | {"kind": PartKind(part["kind"])})) for part in kept.pop("attachments"))
    return Body(**(kept | {"attachments": attachments, "fields": tuple(map(tuple, kept["fields"]))}))


def _prepared(ws: Workspace, batch: Batch, members: BitMap) -> Cut:
    now, channel = ws.clock.now(), Channel(batch.channel)
    if batch.expires_at is not None and now >= batch.expires_at:
        return Cut(now, (), {Why.STALE.value: members})
    asked = {"account_id": batch.account_id, "sender": batch.sender, "purpose": batch.purpose.value}
    column, texts = carrier().addresses(ws, channel=channel, member_nos=members, **asked)
    addresses: dict[int, str] = {}
    for number, text in zip(column.tolist(), texts, strict=True):
        addresses.setdefault(number, text)
    rendered = carrier().render(
        ws,
        content_id=batch.content_id,
        member_nos=sorted(addresses),
        context=_context(ws, batch),
        own=instancing.own(ws, batch),
        origin=f"{batch.origin.kind.value}:{batch.origin.id}",
        # What a guide confirms once is one body for many: a link that named its reader would make each customer a task.
        is_shared=carrier().capabilities(ws)[channel].is_confirmed_by_staff,
        at=now,
    )
    written = tuple((one.member_no, addresses[one.member_no], one.body) for one in rendered if one.body is not None)
    dropped = {Why.UNREACHABLE.value: members - BitMap(addresses), Why.NOT_RENDERED.value: _without_body(rendered)}
    return Cut(now, written, dropped)


def _context(ws: Workspace, batch: Batch) -> dict[str, Mapping[str, str | bool]]:
    """What texts may say of the sender; the name of a campaign is its own to tell."""
    return dict(carrier().speaker(ws, userid=batch.sender))


def _without_body(rendered: Sequence[Rendered]) -> BitMap:
    return BitMap(one.member_no for one in rendered if one.body is None)


def _write(ws: Workspace, tx: Tx, batch: Batch, cut: Cut) -> int | None:
    """Calls and rows of one cut; None when the intent is no longer in this worker's hands."""
    ws.sql.lock(tx, PLANNING)
    left = batches.remains(tx, batch)
    if left is None:
        return None
    used = ledger.addresses_used(tx, batch.scope, [address for _, address, _ in cut.written])
    dropped = {reason: members & left for reason, members in cut.dropped.items()}
    taken, written = BitMap(), []
    for number, address, body in cut.written:
        if number not in left:
            continue
        place = f"{address}\x1f{batch.keys.get(number, '')}" if batch.keys else address
        if place in used:
            taken.add(number)
        else:
            used.add(place)
            written.append((number, address, body))
    dropped[Why.ADDRESS_TAKEN.value] = taken
    dropped = {reason: members for reason, members in dropped.items() if members}
    gone = BitMap().union(*dropped.values())
    can = carrier().capabilities(ws)[Channel(batch.channel)]
    due_at = ledger.resumes_at(tx, channel=batch.channel, account_id=batch.account_id, at=cut.at)
    parcels, sends, bodies = _rows(ws, batch, written, can, cut.at)
    parcels = [parcel | {"due_at": due_at} for parcel in parcels]
    ledger.insert_parcels(tx, parcels, sends, bodies, cut.at)
    if gone:
        counters.release(tx, batch.reservation(gone))
        batches.drop(tx, batch, dropped, cut.at)
        if not batch.keys:
            sets.change(tx, scope_set(batch.scope), remove=gone)
        settling.tell_dropped(ws, tx, batch, dropped, cut.at)
    batches.shrink(tx, batch, gone | BitMap(number for number, _, _ in written), until=cut.at + LEASE)
    return len(parcels)


def _rows(
    ws: Workspace, batch: Batch, written: Sequence[tuple[int, str, Body]], can: Capabilities, at: dt.datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, bytes]]:
    by_body: dict[str, tuple[str, list[tuple[int, str]]]] = {}
    for number, address, body in written:
        text = json.dumps(dataclasses.asdict(body), ensure_ascii=False, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()
        by_body.setdefault(name, (text, []))[1].append((number, address))
    parcels: list[dict[str, Any]] = []
    sends: list[dict[str, Any]] = []
    for name, (_, recipients) in by_body.items():
        pieces = list(_pieces(recipients, can.batch_max))
        for key, piece in zip(new_ids("pcl", len(pieces)), pieces, strict=True):
            parcels.append(_parcel(batch, key, name, len(piece)))
            sends += [_send(batch, key, number, address, at) for number, address in piece]
    # Equal bodies of two members are sealed once.
    return parcels, sends, {name: ws.keys.seal(text, context=CONTEXT) for name, (text, _) in by_body.items()}


def _pieces(recipients: Sequence[tuple[int, str]], size: int) -> Iterator[Sequence[tuple[int, str]]]:
    for start in range(0, len(recipients), size):
        yield recipients[start : start + size]


def _origin(batch: Batch) -> dict[str, Any]:
    origin = batch.origin
    return {"origin_kind": origin.kind.value, "origin_id": origin.id, "origin_version": origin.version, "origin_node": origin.node}


def _parcel(batch: Batch, key: str, body_hash: str, size: int) -> dict[str, Any]:
    return {
        "key": key,
        "batch_id": batch.id,
        **_origin(batch),
        "channel": batch.channel,
        "account_id": batch.account_id,
        "sender": batch.sender,
        "body_hash": body_hash,
        "state": ParcelState.READY.value,
        "size": size,
    }


def _send(batch: Batch, key: str, number: int, address: str, at: dt.datetime) -> dict[str, Any]:
    return {
        "parcel_key": key,
        "batch_id": batch.id,
        **_origin(batch),
        "scope": batch.scope,
        "instance": batch.keys.get(number, ""),
        "member_no": number,
        "address": address,
        "channel": batch.channel,
        "content_id": batch.content_id,
        "sender": batch.sender,
        "fate": Fate.CLAIMED.value,
        "is_charged": batch.touching.is_counted,
        "at": at,
        "changed_at": at,
    }
