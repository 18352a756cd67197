"""The SQL of campaigns, their occurrences and calendars."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.engagement.contracts.campaigns import CampaignStanding, Occurrence
from wellspring.engagement.models.campaigns import calendar_table, campaign_table, occurrence_table
from wellspring.kernel.stores import Tx

_columns = campaign_table.c
Row = Mapping[str, Any]


def insert(tx: Tx, row: Row) -> None:
    """Adds a campaign."""
    tx.execute(sa.insert(campaign_table).values(**row))


def one(tx: Tx, campaign_id: str, *, locks: bool = False) -> Row | None:
    """One campaign; `locks` keeps others from changing it until the transaction ends."""
    wanted = sa.select(campaign_table).where(_columns.id == campaign_id)
    row = tx.execute(wanted.with_for_update() if locks else wanted).mappings().first()
    return None if row is None else dict(row)


def change(tx: Tx, campaign_id: str, *, was: int | None = None, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Changes a campaign, if it is of this version where one is given."""
    mine = [_columns.id == campaign_id]
    if was is not None:
        mine.append(_columns.version == was)
    return bool(tx.execute(sa.update(campaign_table).where(*mine).values(**values)).rowcount)


def remove(tx: Tx, campaign_id: str) -> None:
    """Deletes a draft."""
    tx.execute(sa.delete(campaign_table).where(_columns.id == campaign_id))


def page(tx: Tx, *, kind: str, q: str, state: str | None, after: tuple[dt.datetime, str] | None, limit: int) -> list[Row]:
    """Campaigns of a page, the one changed last first."""
    wanted = sa.select(campaign_table).where(_columns.kind == kind)
    if q:
        wanted = wanted.where(_columns.name.icontains(q, autoescape=True))
    if state:
        wanted = wanted.where(_columns.state == state)
    if after:
        at, name = after
        wanted = wanted.where(sa.or_(_columns.changed_at < at, sa.and_(_columns.changed_at == at, _columns.id < name)))
    return [dict(row) for row in tx.execute(wanted.order_by(_columns.changed_at.desc(), _columns.id.desc()).limit(limit)).mappings()]


def count(tx: Tx) -> int:
    """How many there are."""
    return tx.execute(sa.select(sa.func.count()).select_from(campaign_table)).scalar_one()


def due(tx: Tx, states: Sequence[str], at: dt.datetime) -> list[Row]:
    """The campaigns whose time has come."""
    wanted = sa.select(campaign_table).where(_columns.state.in_(list(states)), _columns.next_at <= at)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def in_states(tx: Tx, states: Sequence[str]) -> list[Row]:
    """All campaigns in these states."""
    wanted = sa.select(campaign_table).where(_columns.state.in_(list(states))).order_by(_columns.id)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def paused_of(tx: Tx, ids: Sequence[str]) -> set[str]:
    """Those of these campaigns that are paused."""
    wanted = sa.select(_columns.id).where(_columns.id.in_(list(ids)), _columns.state == CampaignStanding.PAUSED.value)
    return set(tx.execute(wanted).scalars())


def names(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """The names of campaigns."""
    return {row.id: row.name for row in tx.execute(sa.select(_columns.id, _columns.name).where(_columns.id.in_(list(ids))))}


def add_occurrence(tx: Tx, campaign_id: str, told: Occurrence) -> None:
    """Notes that a campaign went."""
    values = {"number": told.number, "at": told.at, "audience": told.audience, "planned": told.planned, "held": told.held}
    tx.execute(sa.insert(occurrence_table).values(campaign_id=campaign_id, dropped=dict(told.dropped), **values))


def occurrences(tx: Tx, campaign_id: str, *, limit: int = 200) -> list[Occurrence]:
    """When a campaign went, the latest first."""
    mine = sa.select(occurrence_table).where(occurrence_table.c.campaign_id == campaign_id)
    return [_occurrence(row) for row in tx.execute(mine.order_by(occurrence_table.c.number.desc()).limit(limit))]


def occurrences_between(tx: Tx, since: dt.datetime, until: dt.datetime) -> list[tuple[str, str, str, Occurrence]]:
    """What went within a span: campaign, its name and state, and the occurrence."""
    wanted = sa.select(occurrence_table, _columns.name, _columns.state).join(campaign_table, _columns.id == occurrence_table.c.campaign_id)
    span = sa.and_(occurrence_table.c.at >= since, occurrence_table.c.at < until)
    found = tx.execute(wanted.where(span).order_by(occurrence_table.c.at))
    return [(row.campaign_id, row.name, row.state, _occurrence(row)) for row in found]


def calendars(tx: Tx) -> list[Row]:
    """All calendars by name."""
    return [dict(row) for row in tx.execute(sa.select(calendar_table).order_by(calendar_table.c.name)).mappings()]


def calendar(tx: Tx, calendar_id: str) -> Row | None:
    """One calendar."""
    row = tx.execute(sa.select(calendar_table).where(calendar_table.c.id == calendar_id)).mappings().first()
    return None if row is None else dict(row)


def put_calendar(tx: Tx, row: Row, *, version: int | None) -> bool:
    """Adds a calendar, or changes one that is still of this version."""
    if version is None:
        tx.execute(sa.insert(calendar_table).values(**row))
        return True
    mine = sa.and_(calendar_table.c.id == row["id"], calendar_table.c.version == version)
    return bool(tx.execute(sa.update(calendar_table).where(mine).values(**row)).rowcount)


def remove_calendar(tx: Tx, calendar_id: str) -> bool:
    """Deletes a calendar."""
    return bool(tx.execute(sa.delete(calendar_table).where(calendar_table.c.id == calendar_id)).rowcount)


def _occurrence(row: sa.Row[Any]) -> Occurrence:
    return Occurrence(row.number, row.at, row.audience, row.planned, row.held, dict(row.dropped))
