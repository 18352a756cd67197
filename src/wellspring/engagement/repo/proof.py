"""Experiments and exposures: reading and writing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pydantic
import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.proof import Design, Experiment, Exposure, OriginKind
from wellspring.engagement.models.proof import experiment_table, exposure_table
from wellspring.engagement.models.touches import batch_table, send_table
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx

# Rows fetched at a time: memory stays flat over millions of touches.
_BATCH = 50_000
_DESIGN = pydantic.TypeAdapter(Design)
_experiments, _exposures = experiment_table.c, exposure_table.c


def running(tx: Tx, kind: str, origin_id: str | None = None) -> Experiment | None:
    """The experiment of an origin that has not ended; of the workspace there is one at most, whatever its draw."""
    wanted = sa.select(experiment_table).where(_experiments.origin_kind == kind, _experiments.ended_at.is_(None))
    if origin_id is not None:
        wanted = wanted.where(_experiments.origin_id == origin_id)
    row = tx.execute(wanted).first()
    return None if row is None else _experiment(row)


def revisions(tx: Tx, kind: str, origin_id: str | None = None) -> list[Experiment]:
    """Every experiment of an origin (of a kind, without one), in order of draw and revision."""
    wanted = sa.select(experiment_table).where(_experiments.origin_kind == kind)
    if origin_id is not None:
        wanted = wanted.where(_experiments.origin_id == origin_id)
    # By number and not by time: a clock may have gone backwards in between.
    found = [_experiment(row) for row in tx.execute(wanted)]
    return sorted(found, key=lambda one: (len(one.origin_id), one.origin_id, one.revision))


def experiment(tx: Tx, experiment_id: str) -> Experiment | None:
    row = tx.execute(sa.select(experiment_table).where(_experiments.id == experiment_id)).first()
    return None if row is None else _experiment(row)


def listing(
    tx: Tx, *, kind: str | None, origin_id: str | None, is_running: bool | None, after: str | None, limit: int
) -> tuple[list[Experiment], int]:
    """Experiments, the newest first, and how many there are in all."""
    wanted = [_experiments.origin_kind == kind] if kind else []
    if origin_id:
        wanted.append(_experiments.origin_id == origin_id)
    if is_running is not None:
        wanted.append(_experiments.ended_at.is_(None) if is_running else _experiments.ended_at.is_not(None))
    total = tx.execute(sa.select(sa.func.count()).select_from(experiment_table).where(*wanted)).scalar_one()
    page = sa.select(experiment_table).where(*wanted, *([_experiments.id < after] if after else []))
    return [_experiment(row) for row in tx.execute(page.order_by(_experiments.id.desc()).limit(limit))], total


def insert(
    tx: Tx, *, kind: OriginKind, origin_id: str, revision: int, name: str, design: Design, at: dt.datetime, by_id: str
) -> Experiment:
    experiment_id = new_id("exp")
    row: dict[str, Any] = {"id": experiment_id, "origin_kind": kind, "origin_id": origin_id, "revision": revision, "name": name}
    row |= {"design": _DESIGN.dump_python(design, mode="json"), "started_at": at, "started_by": by_id}
    tx.execute(sa.insert(experiment_table).values(**row))
    return Experiment(experiment_id, kind, origin_id, revision, name, design, at, by_id, None)


def end(tx: Tx, experiment_id: str, at: dt.datetime) -> None:
    tx.execute(sa.update(experiment_table).where(_experiments.id == experiment_id).values(ended_at=at))


def append(tx: Tx, experiment_id: str, arms: Sequence[tuple[int, BitMap]], at: dt.datetime) -> None:
    """Exposures of one instant; arms that nobody is in are left out."""
    rows = [
        {"experiment_id": experiment_id, "arm": arm, "at": at, "units": len(members), "members": members.serialize()}
        for arm, members in arms
        if members
    ]
    if rows:
        tx.execute(sa.insert(exposure_table), rows)


def exposures(tx: Tx, experiment_id: str) -> list[Exposure]:
    """In order of time."""
    wanted = sa.select(_exposures.arm, _exposures.at, _exposures.members).where(_exposures.experiment_id == experiment_id)
    return [Exposure(row.arm, row.at, BitMap.deserialize(row.members)) for row in tx.execute(wanted.order_by(_exposures.at, _exposures.id))]


def exposing(tx: Tx, members: BitMap) -> list[Experiment]:
    """The experiments that any of these members was exposed to."""
    found = tx.execute(sa.select(_exposures.experiment_id, _exposures.members).execution_options(yield_per=200))
    ids = {row.experiment_id for row in found if not BitMap.deserialize(row.members).isdisjoint(members)}
    return [_experiment(row) for row in tx.execute(sa.select(experiment_table).where(_experiments.id.in_(sorted(ids))))]


def forget(tx: Tx, experiment_id: str, members: BitMap) -> int:
    """Takes members out of an experiment's exposures; gives out of how many."""
    rows = tx.execute(sa.select(_exposures.id, _exposures.members).where(_exposures.experiment_id == experiment_id)).all()
    known = [(row.id, BitMap.deserialize(row.members)) for row in rows]
    mine = [(exposure_id, held - members) for exposure_id, held in known if not held.isdisjoint(members)]
    for exposure_id, rest in mine:
        values = {"members": rest.serialize(), "units": len(rest)}
        tx.execute(sa.update(exposure_table).where(_exposures.id == exposure_id).values(**values))
    return len(mine)


def controls_with(tx: Tx, members: BitMap, *, limit: int) -> list[tuple[Experiment, dt.datetime]]:
    """The experiments that left any of these members alone, and since when, of the newest so many exposures."""
    wanted = sa.select(_exposures.experiment_id, _exposures.at, _exposures.members).where(_exposures.arm == 0)
    found: dict[str, dt.datetime] = {}
    for row in tx.execute(wanted.order_by(_exposures.id.desc()).limit(limit).execution_options(yield_per=200)):
        if BitMap.deserialize(row.members) & members:
            found[row.experiment_id] = row.at
    rows = tx.execute(sa.select(experiment_table).where(_experiments.id.in_(list(found))))
    return sorted(((_experiment(row), found[row.id]) for row in rows), key=lambda pair: (pair[1], pair[0].id), reverse=True)


def counts(tx: Tx, experiment_ids: Sequence[str]) -> dict[tuple[str, int], int]:
    """Units by experiment and arm."""
    wanted = sa.select(_exposures.experiment_id, _exposures.arm, sa.func.sum(_exposures.units)).where(
        _exposures.experiment_id.in_(list(experiment_ids))
    )
    grouped = tx.execute(wanted.group_by(_exposures.experiment_id, _exposures.arm))
    return {(experiment_id, arm): int(units) for experiment_id, arm, units in grouped}


def _experiment(row: sa.Row[Any]) -> Experiment:
    design = _DESIGN.validate_python(row.design)
    kind = OriginKind(row.origin_kind)
    return Experiment(row.id, kind, row.origin_id, row.revision, row.name, design, row.started_at, row.started_by, row.ended_at)


def marketed(tx: Tx, *, kind: str | None, origin_id: str | None, since: dt.datetime) -> Iterator[list[tuple[int, dt.datetime]]]:
    """Member and instant of every marketing touch since that was not dropped before its call, in pieces; of one origin, or of all."""
    sends, batches = send_table.c, batch_table.c
    wanted = sa.select(sends.member_no, sends.at).join(batch_table, batches.id == sends.batch_id)
    wanted = wanted.where(batches.purpose == "marketing", sends.fate != "dropped", sends.at >= since)
    if kind is not None:
        wanted = wanted.where(sends.origin_kind == kind, sends.origin_id == origin_id)
    for piece in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        yield [(row.member_no, row.at) for row in piece]
