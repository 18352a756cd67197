"""One person's data as one JSON file: everything here in plain, and what every other domain holds.

The file is sealed at rest, expires, and is deleted when the person is erased.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import orjson

from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import EVERYTHING, ActorKind, Principal
from wellspring.kernel.clock import iso
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Permission
from wellspring.people.repo import attributes, consents, identities, members, merges, rows
from wellspring.people.service import consenting, looking, registry
from wellspring.people.service.erasing import EXPORT_PURPOSE, export_name
from wellspring.people.service.naming import context

JOB = "people.export"
_KEPT = dt.timedelta(days=7)
_JOB_ACTOR = Principal(id="people.export", kind=ActorKind.SYSTEM, name="Wellspring", scope=EVERYTHING)


def ask(ws: Workspace, *, by: Principal, member_id: str) -> str:
    """Queues the export and gives the job's id. Raises Forbidden, MemberUnknown, NotActive."""
    by.require(Permission.PII_READ)
    with ws.sql.write() as tx:
        row = looking.row_of(tx, by=by, member_id=member_id, active=True)
        job_id = jobs.enqueue(ws, tx, JOB, {"member_id": row["id"]}, by=by)
        audit.append(ws.sql, tx, by=by, action="people.member.export", subject=row["id"], at=ws.clock.now(), detail={"job": job_id})
    return job_id


def write(ws: Workspace, *, member_id: str) -> str:
    """The job: writes the file and gives its id. Raises NotActive when the person was erased meanwhile."""
    with ws.sql.read() as tx:
        row = looking.row_of(tx, by=_JOB_ACTOR, member_id=member_id, active=True)
        family = looking.family_of(tx, row["member_no"])
        own = _own(ws, tx, row, family)
    own["parts"] = {name: part(ws, family) for name, part in registry.parts().items()}
    pieces = _pieces(own)
    expires = ws.clock.now() + _KEPT
    return ws.files.put(pieces, name=export_name(member_id), media_type="application/json", purpose=EXPORT_PURPOSE, expires_at=expires).id


def _own(ws: Workspace, tx: Tx, row: rows.Row, family: list[int]) -> dict[str, Any]:
    held = identities.full(tx, family)
    addresses = [*(bytes(one["key"]) for one in held), *consenting.person_keys(ws, family)]
    return {
        "member": {
            name: row[name] for name in ("id", "member_no", "source", "home_unit_id", "created_at", "first_seen_at", "last_seen_at")
        },
        "merged_members": [id for number, id in members.ids_of(tx, family).items() if number != row["member_no"]],
        "identities": [
            {**{name: one[name] for name in ("kind", "namespace", "source", "since")}, "value": _plain(ws, one, one["kind"])}
            for one in held
        ],
        "attributes": [_change(ws, one) for one in attributes.changes(tx, family)],
        "consents": [
            {name: one[name] for name in ("purpose", "channel", "kind", "state", "explicit", "source", "version", "at", "recorded_at")}
            for one in consents.said(tx, addresses)
        ],
        "merges": [{name: one[name] for name in ("id", "at", "rule", "undone_at")} for one in merges.touching(tx, family)],
    }


def _change(ws: Workspace, row: rows.Row) -> dict[str, Any]:
    shown = {name: row[name] for name in ("name", "kind", "at", "recorded_at", "source")}
    return {**shown, "value": _plain(ws, row, row["name"]) if row["sealed"] else orjson.loads(row["value"])}


def _plain(ws: Workspace, row: rows.Row, kind: str) -> str:
    return ws.keys.open(bytes(row["sealed"]), context=context(kind)) if row["sealed"] else row["value"]


def _pieces(own: dict[str, Any]) -> Iterator[bytes]:
    yield orjson.dumps(own, default=_spelled, option=orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME)


def _spelled(value: object) -> str:
    return iso(value) if isinstance(value, dt.datetime) else str(value)
