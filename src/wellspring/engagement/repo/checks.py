"""What `wellspring check` reads of touches, journeys and experiments."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.touches import ParcelState
from wellspring.engagement.models.journeys import place_table
from wellspring.engagement.models.proof import experiment_table, exposure_table
from wellspring.engagement.models.touches import parcel_table
from wellspring.kernel.stores import Tx


def unended(tx: Tx, before: dt.datetime) -> int:
    """Calls whose worker was lost before this instant, or whose deadline passed then, and that nobody has ended or flagged."""
    parcel = parcel_table.c
    is_lost = sa.and_(parcel.state == ParcelState.CALLING.value, parcel.lease_until < before)
    is_late = sa.and_(parcel.state == ParcelState.UNKNOWN.value, parcel.deadline_at < before, sa.not_(parcel.is_dead))
    return int(tx.execute(sa.select(sa.func.count()).where(sa.or_(is_lost, is_late))).scalar_one())


def places(tx: Tx) -> Iterator[tuple[str, BitMap]]:
    """Journey and subjects of every place that somebody stands at; the journey's own sets are none."""
    wanted = sa.select(place_table.c.journey_id, place_table.c.members).where(place_table.c.node.not_like("@%"))
    for journey_id, members in tx.execute(wanted.order_by(place_table.c.journey_id)):
        yield journey_id, BitMap.deserialize(members)


def exposures(tx: Tx) -> Iterator[tuple[str, int, BitMap]]:
    """Experiment, arm and members of every exposure."""
    columns = exposure_table.c
    wanted = sa.select(columns.experiment_id, columns.arm, columns.members).order_by(columns.experiment_id, columns.id)
    for experiment_id, arm, members in tx.execute(wanted):
        yield experiment_id, int(arm), BitMap.deserialize(members)


def experiment_ids(tx: Tx) -> list[str]:
    """Every experiment."""
    return list(tx.execute(sa.select(experiment_table.c.id).order_by(experiment_table.c.id)).scalars())
