"""Codes and their ways: reading, writing, and taking those that are due."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pydantic
import sqlalchemy as sa

from wellspring.acquisition.contracts.codes import Code, CodeState, Draft, Way, WayState
from wellspring.acquisition.models.codes import arrival_table, code_table, scan_table, way_table
from wellspring.kernel.stores import Tx

_DRAFT = pydantic.TypeAdapter(Draft)
_codes, _ways, _arrivals = code_table.c, way_table.c, arrival_table.c


def content_of(draft: Draft) -> dict[str, Any]:
    """A draft as it is kept."""
    content: dict[str, Any] = _DRAFT.dump_python(draft, mode="json")
    return content


def insert(tx: Tx, row: Mapping[str, Any], ways: Sequence[Mapping[str, Any]]) -> None:
    tx.execute(sa.insert(code_table).values(**row))
    if ways:
        tx.execute(sa.insert(way_table), list(ways))


def insert_ways(tx: Tx, ways: Sequence[Mapping[str, Any]]) -> None:
    tx.execute(sa.insert(way_table), list(ways))


def update(tx: Tx, code_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    tx.execute(sa.update(code_table).where(_codes.id == code_id).values(**values))


def update_way(tx: Tx, way_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    tx.execute(sa.update(way_table).where(_ways.id == way_id).values(**values))


def is_named(tx: Tx, name: str, *, but: str = "") -> bool:
    return tx.execute(sa.select(_codes.id).where(_codes.name == name, _codes.id != but)).first() is not None


def code(tx: Tx, code_id: str) -> Code | None:
    """A code with its ways and how many came and left."""
    found = _whole(tx, sa.select(code_table).where(_codes.id == code_id))
    return found[0] if found else None


def by_token(tx: Tx, token: str) -> Code | None:
    found = _whole(tx, sa.select(code_table).where(_codes.token == token))
    return found[0] if found else None


def listing(
    tx: Tx, *, kind: str | None, state: str, folder: str | None, q: str | None, after: str | None, limit: int
) -> tuple[list[Code], int]:
    """Codes, the newest first, and how many there are in all."""
    wanted = [_codes.state == state]
    if kind:
        wanted.append(_codes.kind == kind)
    if folder is not None:
        wanted.append(_codes.folder == folder)
    if q:
        wanted.append(_codes.name.icontains(q, autoescape=True))
    total = tx.execute(sa.select(sa.func.count()).select_from(code_table).where(*wanted)).scalar_one()
    page = sa.select(code_table).where(*wanted, *([_codes.id < after] if after else [])).order_by(_codes.id.desc()).limit(limit)
    return _whole(tx, page), total


def folders(tx: Tx, kind: str) -> list[tuple[str, int]]:
    """Folders of a kind with how many active codes each holds."""
    counted = sa.select(_codes.folder, sa.func.count()).where(_codes.kind == kind, _codes.state == CodeState.ACTIVE)
    return [(name, count) for name, count in tx.execute(counted.group_by(_codes.folder).order_by(_codes.folder))]


def names(tx: Tx, code_ids: Sequence[str]) -> dict[str, str]:
    found = tx.execute(sa.select(_codes.id, _codes.name).where(_codes.id.in_(list(code_ids))))
    return {row.id: row.name for row in found}


def way_of_state(tx: Tx, state: str) -> tuple[str, str, str | None] | None:
    """Code, way and store of a state."""
    row = tx.execute(sa.select(_ways.code_id, _ways.id, _ways.unit_id).where(_ways.state == state)).first()
    return None if row is None else (row.code_id, row.id, row.unit_id)


def spoken(tx: Tx, state: str) -> tuple[Draft, dict[str, Any], str | None] | None:
    """What a welcome needs of the code with this state, in one read: what people wrote, its media, the store."""
    joined = sa.join(way_table, code_table, _ways.code_id == _codes.id)
    wanted = sa.select(_codes.content, _codes.media, _ways.unit_id).select_from(joined)
    row = tx.execute(wanted.where(_ways.state == state, _codes.state == CodeState.ACTIVE)).first()
    return None if row is None else (_DRAFT.validate_python(row.content), row.media, row.unit_id)


def media(tx: Tx, code_id: str) -> dict[str, Any]:
    found: dict[str, Any] = tx.execute(sa.select(_codes.media).where(_codes.id == code_id)).scalar_one()
    return found


def due(tx: Tx, now: dt.datetime, limit: int) -> list[str]:
    """Codes whose staff must be looked at, the longest waiting first."""
    return list(tx.execute(sa.select(_codes.id).where(_codes.due_at <= now).order_by(_codes.due_at).limit(limit)).scalars())


def is_due(tx: Tx, code_id: str, now: dt.datetime) -> bool:
    return tx.execute(sa.select(_codes.id).where(_codes.id == code_id, _codes.due_at <= now)).first() is not None


def tending(tx: Tx, now: dt.datetime, limit: int) -> list[tuple[str, int]]:
    """Codes whose pictures and files must be looked at, and how often that failed."""
    wanted = sa.select(_codes.id, _codes.attempts).where(_codes.tend_at <= now).order_by(_codes.tend_at).limit(limit)
    return [(row.id, row.attempts) for row in tx.execute(wanted)]


def hold(tx: Tx, code_id: str, *, seen: dt.datetime, until: dt.datetime) -> bool:
    """Takes a code to tend for a while; False when somebody else has it."""
    mine = sa.update(code_table).where(_codes.id == code_id, _codes.tend_at <= seen).values(tend_at=until)
    return tx.execute(mine).rowcount == 1


def tended(tx: Tx, code_id: str, *, held: dt.datetime, **values: Any) -> None:  # noqa: ANN401 - column values
    """Says how it went; when to look again only if nobody asked for it meanwhile."""
    tend_at = values.pop("tend_at")
    if values:
        update(tx, code_id, **values)
    tx.execute(sa.update(code_table).where(_codes.id == code_id, _codes.tend_at == held).values(tend_at=tend_at))


def wake(tx: Tx, now: dt.datetime, *, kind: str | None = None, code_ids: Sequence[str] | None = None) -> int:
    """Has active codes looked at now."""
    wanted = [_codes.state == CodeState.ACTIVE]
    if kind is not None:
        wanted.append(_codes.kind == kind)
    if code_ids is not None:
        wanted.append(_codes.id.in_(list(code_ids)))
    return tx.execute(sa.update(code_table).where(*wanted).values(due_at=now)).rowcount


def way_of_entrance(tx: Tx, entrance_id: str) -> tuple[str, str] | None:
    """Way and code of an entrance."""
    row = tx.execute(sa.select(_ways.id, _ways.code_id).where(_ways.entrance_id == entrance_id)).first()
    return None if row is None else (row.id, row.code_id)


def scanned(tx: Tx, code_id: str, day: dt.date, *, opened: int = 0, located: int = 0, picked: int = 0) -> None:
    """Counts an opening of a code's page."""
    row = scan_table.c
    added = {"opened": row.opened + opened, "located": row.located + located, "picked": row.picked + picked}
    mine = sa.update(scan_table).where(row.code_id == code_id, row.day == day).values(**added)
    if not tx.execute(mine).rowcount:
        tx.execute(sa.insert(scan_table).values(code_id=code_id, day=day, opened=opened, located=located, picked=picked))


def put_scans(tx: Tx, code_id: str, day: dt.date, *, opened: int) -> None:
    """Sets how often a code was opened on a day, as somebody else counted it."""
    row = scan_table.c
    mine = sa.update(scan_table).where(row.code_id == code_id, row.day == day).values(opened=opened)
    if not tx.execute(mine).rowcount:
        tx.execute(sa.insert(scan_table).values(code_id=code_id, day=day, opened=opened, located=0, picked=0))


def last_scan(tx: Tx, code_id: str) -> dt.date | None:
    """The last day that has a count."""
    found: dt.date | None = tx.execute(sa.select(sa.func.max(scan_table.c.day)).where(scan_table.c.code_id == code_id)).scalar()
    return found


def active_of(tx: Tx, kind: str) -> list[Code]:
    """Every code of a kind that is in use."""
    return _whole(tx, sa.select(code_table).where(_codes.kind == kind, _codes.state == CodeState.ACTIVE).order_by(_codes.id))


def _whole(tx: Tx, wanted: sa.Select[Any]) -> list[Code]:
    rows = tx.execute(wanted).all()
    ids = [row.id for row in rows]
    ways: dict[str, list[Way]] = {}
    for row in tx.execute(sa.select(way_table).where(_ways.code_id.in_(ids)).order_by(_ways.id)):
        ways.setdefault(row.code_id, []).append(_way(row))
    gone = sa.func.count(sa.case((_arrivals.left_at.is_not(None), 1)))
    counted = sa.select(_arrivals.code_id, sa.func.count(), gone).where(_arrivals.code_id.in_(ids)).group_by(_arrivals.code_id)
    figures = {code_id: (added, left) for code_id, added, left in tx.execute(counted)}
    return [_code(row, ways.get(row.id, []), *figures.get(row.id, (0, 0))) for row in rows]


def _code(row: sa.Row[Any], ways: Sequence[Way], added: int, left: int) -> Code:
    kept = {name: getattr(row, name) for name in ("id", "token", "created_at", "created_by", "changed_at", "due_at")}
    return Code(**kept, draft=_DRAFT.validate_python(row.content), state=CodeState(row.state), ways=ways, added=added, left=left)


def _way(row: sa.Row[Any]) -> Way:
    named = [field.name for field in dataclasses.fields(Way)]
    kept = {name: getattr(row, name) for name in named if name not in {"standing", "staff_ids"}}
    return Way(**kept, standing=WayState(row.standing), staff_ids=tuple(row.staff_ids))
