"""Erasing a person from every store (P04, P05): first from people in one transaction, then from the others by a job.

All numbers the member holds go together, so both histories of a merge go. The keys of their identifiers stay as
suppressions: 16 bytes that tell nothing, but stop a re-import from reviving the person. The receipt counts what went.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence

from wellspring.kernel import audit, bus, failpoints, jobs
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import Identity, IdentityKind, MemberState, Receipt, Refusal
from wellspring.people.errors import IdentityRefused, MemberUnknown, NotActive
from wellspring.people.models import erasure_table, suppression_table
from wellspring.people.repo import attributes, conflicts, consents, erasures, identities, members, merges, rows
from wellspring.people.service import consenting, looking, memory, registry
from wellspring.people.service.naming import Named, Naming

JOB = "people.erase"
SWEEP = "people.erase_again"
# The console opens files of this purpose to whoever may export members.
EXPORT_PURPOSE = "member_export"
# What was resolved just before an erasure may be written just after it: the stores are swept once more.
_SWEEP_AFTER = dt.timedelta(minutes=10)
# Numbers and addresses inside a longer text: "call 138 0013 8000".
_NUMBERS = re.compile(r"\+?\d[\d\s()-]{4,22}\d")
_ADDRESSES = re.compile(r"[^\s<>,;:'\"@]+@[^\s<>,;:'\"@]+")


def erase(ws: Workspace, *, by: Principal, member_id: str, reason: str) -> Receipt:
    """Forgets a person here and now, and queues the other stores. Raises MemberUnknown, NotActive when erased before."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        row = _holder_row(tx, by=by, member_id=member_id)
        family = sorted(looking.family_of(tx, row["member_no"]))
        receipt_id = new_id("ers")
        ids = list(members.ids_of(tx, family).values())
        told = {name: count for name, leaver in registry.leavers().items() if (count := leaver(ws, tx, family))}
        removed = _forget(ws, tx, family, receipt_id=receipt_id, now=now) | told
        job_id = jobs.enqueue(ws, tx, JOB, {"receipt_id": receipt_id, "ids": ids}, by=by)
        receipt = {
            "id": receipt_id,
            "member_nos": family,
            "state": "running",
            "reason": reason,
            "actor": by.id,
            "asked_at": now,
            "finished_at": None,
            "removed": removed,
            "job_id": job_id,
        }
        rows.insert(tx, erasure_table, [receipt])
        audit.append(
            ws.sql,
            tx,
            by=by,
            action="people.member.erase",
            subject=row["id"],
            at=now,
            detail={"receipt": receipt_id, "numbers": len(family)},
        )
        bus.tell(ws.sql, tx, events.Erased(family), at=now)
        memory.changed(ws, tx)
        failpoints.hit("people.erase.before_commit")
    return receipt_of(receipt)


def finish(ws: Workspace, *, receipt_id: str, ids: Sequence[str]) -> Receipt:
    """The job: removes the person from every registered store and from the file store; repeatable at any point."""
    with ws.sql.read() as tx:
        row = erasures.get(tx, receipt_id)
        files = erasures.files_for(tx, EXPORT_PURPOSE, [export_name(one) for one in ids])
    if row is None:
        raise MemberUnknown
    removed = dict(row["removed"])
    for file_id in files:
        ws.files.delete(file_id)
    removed["files"] = removed.get("files", 0) + len(files)
    for name, eraser in registry.erasers().items():
        removed[name] = removed.get(name, 0) + eraser(ws, row["member_nos"])
        failpoints.hit("people.erase.store_erased")
    now = ws.clock.now()
    with ws.sql.write() as tx:
        erasures.update(tx, receipt_id, removed=removed, state="done", finished_at=now)
        if row["state"] != "done":
            jobs.enqueue(ws, tx, SWEEP, {"receipt_id": receipt_id, "ids": list(ids)}, by=SYSTEM, run_at=now + _SWEEP_AFTER)
            audit.append(ws.sql, tx, by=SYSTEM, action="people.member.erased", subject=receipt_id, at=now, detail=removed)
    return receipt(ws, receipt_id=receipt_id)


def receipt(ws: Workspace, *, receipt_id: str) -> Receipt:
    """The proof of an erasure. Raises MemberUnknown for an unknown one."""
    with ws.sql.read() as tx:
        row = erasures.get(tx, receipt_id)
    if row is None:
        raise MemberUnknown
    return receipt_of(row)


def lift(ws: Workspace, *, by: Principal, identity: Identity, reason: str) -> bool:
    """Allows an erased person to come back under one identifier, on their own wish; gives whether it was suppressed."""
    named = Naming(ws).named(identity)
    if isinstance(named, Refusal):
        raise IdentityRefused(field=identity.kind.value, reason=named.en)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        gone = bool(tx.execute(suppression_table.delete().where(suppression_table.c.key == named.key)).rowcount)
        detail = {"kind": identity.kind.value, "reason_given": bool(reason)}
        audit.append(ws.sql, tx, by=by, action="people.suppression.lift", subject="people", at=ws.clock.now(), detail=detail)
        memory.changed(ws, tx)
    return gone


def erased_among(ws: Workspace, said: Sequence[Collection[str]]) -> list[bool]:
    """For each set of texts: whether one of them is, or holds, an identifier of somebody who was erased."""
    with ws.sql.read() as tx:
        if not identities.suppresses(tx):
            return [False] * len(said)
        spaces = [(space, IdentityKind(kind)) for kind, space in identities.namespaces(tx)]
        spaces += [("", kind) for kind in IdentityKind if ("", kind) not in spaces]
        naming = Naming(ws)
        keys = [{key for text in texts for key in _keys_of(naming, text, spaces)} for texts in said]
        gone = identities.suppressed(tx, set().union(*keys))
    return [not gone.isdisjoint(one) for one in keys]


def _keys_of(naming: Naming, text: str, spaces: Sequence[tuple[str, IdentityKind]]) -> Iterator[bytes]:
    whole = [Identity(kind, text, space) for space, kind in spaces]
    phones = [Identity(IdentityKind.PHONE, found, "") for found in _NUMBERS.findall(text)]
    emails = [Identity(IdentityKind.EMAIL, found, "") for found in _ADDRESSES.findall(text)]
    for identity in (*whole, *phones, *emails):
        named = naming.named(identity)
        if isinstance(named, Named):
            yield named.key


def export_name(member_id: str) -> str:
    """The name of a member's export file, by which an erasure finds it."""
    return f"{member_id}.json"


def receipt_of(row: rows.Row) -> Receipt:
    """The contract of a receipt row."""
    return Receipt(**{name: row[name] for name in Receipt.__slots__})


def _holder_row(tx: Tx, *, by: Principal, member_id: str) -> rows.Row:
    row = looking.row_of(tx, by=by, member_id=member_id)
    if row["state"] == MemberState.ERASED:
        raise NotActive(state=row["state"])
    if row["merged_into"] is None:
        return row
    holder = members.by_numbers(tx, (row["merged_into"],))[row["merged_into"]]
    if not by.scope.covers(holder["home_unit_id"]):
        raise MemberUnknown
    return holder


def _forget(ws: Workspace, tx: Tx, family: Sequence[int], *, receipt_id: str, now: dt.datetime) -> dict[str, int]:
    held = identities.of_owners(tx, family)
    keys = [key for key, _, _ in held]
    suppressions = [{"key": key, "kind": kind, "receipt_id": receipt_id, "at": now} for key, _, kind in held]
    rows.insert_missing(tx, suppression_table, suppressions)
    removed = {
        "identities": identities.delete(tx, keys),
        "attributes": attributes.delete_current(tx, family),
        "attribute_changes": attributes.delete_changes(tx, family),
        "consents": consents.delete(tx, [*keys, *consenting.person_keys(ws, family)]),
        "conflicts": conflicts.delete_of(tx, family),
    }
    merges.forget_reasons(tx, family)
    erasures.empty(tx, family)
    return removed
