"""Millions of single identifiers of one kind, for imports: values in, owners' numbers out.

The same rules as `service.resolve`, without what a single identifier cannot need (merging, disputes, attributes), which
makes it several times cheaper per row.
"""

import datetime as dt
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from wellspring.kernel import bus, failpoints
from wellspring.kernel.clock import to_millis
from wellspring.kernel.ids import new_ids
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import NOBODY, Identity, IdentityKind, Refusal
from wellspring.people.models import identity_table, member_table, namespace_table
from wellspring.people.repo import identities, members, rows
from wellspring.people.rules.identities import KINDS, WEAK, mask
from wellspring.people.service import memory
from wellspring.people.service.naming import Named, Naming, context

# Rows of one transaction: about a second's work, so that others get their turn.
_CHUNK = 20_000
_MEMBER_COLUMNS = ("member_no", "id", "state", "source", "identified", "created_at", "first_seen_at", "last_seen_at", "import_id")
_IDENTITY_COLUMNS = ("key", "member_no", "kind", "namespace", "value", "sealed", "mask", "source", "since", "import_id")


def resolve_keys(
    ws: Workspace,
    *,
    kind: IdentityKind,
    values: Sequence[str],
    namespace: str,
    at: dt.datetime,
    source: str,
    creates: bool,
    historical: bool,
    import_id: str | None,
) -> list[int]:
    """The owner's number of each value, 0 where it is no identifier, suppressed, or unknown and not to be made."""
    naming = Naming(ws)
    numbers: list[int] = []
    for start in range(0, len(values), _CHUNK):
        named = [naming.named(Identity(kind, value, namespace)) for value in values[start : start + _CHUNK]]
        owners = _owners(ws, named, at=at, source=source, creates=creates, historical=historical, import_id=import_id)
        numbers += [NOBODY if isinstance(one, Refusal) else owners.get(one.key, NOBODY) for one in named]
        failpoints.hit("people.resolve_keys.chunk")
    return numbers


def _owners(
    ws: Workspace,
    named: Sequence[Named | Refusal],
    *,
    at: dt.datetime,
    source: str,
    creates: bool,
    historical: bool,
    import_id: str | None,
) -> dict[bytes, int]:
    wanted = {one.key: one for one in named if isinstance(one, Named)}
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        view, kept = memory.view_of(ws, tx), memory.of(ws)
        known = kept.owners if kept.view is view else {}
        owners = {key: known[key] for key in wanted if key in known}
        owners.update(identities.owners(tx, wanted.keys() - owners.keys()))
        missing = [one for key, one in wanted.items() if key not in owners] if creates else []
        if view.suppresses and missing:
            suppressed = identities.suppressed(tx, [one.key for one in missing])
            missing = [one for one in missing if one.key not in suppressed]
        owners.update(_make(ws, tx, missing, at=min(at, ws.clock.now()), source=source[:60], historical=historical, import_id=import_id))
        ws.sql.after_commit(lambda: kept.remember(view, owners))
        failpoints.hit("people.resolve_keys.before_commit")
    return owners


def _make(
    ws: Workspace, tx: Tx, missing: Sequence[Named], *, at: dt.datetime, source: str, historical: bool, import_id: str | None
) -> dict[bytes, int]:
    if not missing:
        return {}
    now, first = ws.clock.now(), members.last_no(tx) + 1
    made, seen = to_millis(now), to_millis(at)
    identified = missing[0].kind not in WEAK
    ids = new_ids("mem", len(missing))
    rows.insert_values(
        tx,
        member_table,
        _MEMBER_COLUMNS,
        [(first + place, id, "active", source, identified, made, seen, seen, import_id) for place, id in enumerate(ids)],
    )
    rows.insert_values(tx, identity_table, _IDENTITY_COLUMNS, _identity_rows(ws, missing, first, (source, seen, import_id)))
    if missing[0].namespace:
        rows.insert_missing(tx, namespace_table, [{"kind": missing[0].kind.value, "namespace": missing[0].namespace}])
    bus.tell(ws.sql, tx, events.Joined(first, first + len(missing) - 1, historical), at=now)
    return {one.key: first + place for place, one in enumerate(missing)}


def _identity_rows(ws: Workspace, missing: Sequence[Named], first: int, common: tuple[str, int, str | None]) -> list[tuple[Any, ...]]:
    kind, namespace = missing[0].kind.value, missing[0].namespace
    if KINDS[missing[0].kind].personal:
        seal, purpose = ws.keys.seal, context(kind)
        found: list[tuple[Any, ...]] = [
            (one.key, first + place, kind, namespace, None, seal(one.value, context=purpose), mask(one.kind, one.value), *common)
            for place, one in enumerate(missing)
        ]
    else:
        found = [(one.key, first + place, kind, namespace, one.value, None, None, *common) for place, one in enumerate(missing)]
    # In the order of the index, so that neighbouring rows go into the same pages.
    return sorted(found, key=itemgetter(0))
