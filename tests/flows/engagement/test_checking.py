"""`wellspring check` of touches, journeys and experiments: it holds after a campaign, and says what does not."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyroaring import BitMap

from tests.flows.engagement.test_touching import ASK
from tests.support.touching import MEMBERS, FakeCarrier, world
from wellspring.engagement.api import touches
from wellspring.engagement.contracts.proof import Design
from wellspring.engagement.contracts.touches import ParcelState
from wellspring.engagement.models.journeys import place_table
from wellspring.engagement.models.touches import parcel_table
from wellspring.engagement.service import dispatching, exposing, touching
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def sent(tmp_path: Path, engine_url: str | None) -> Iterator[Workspace]:
    """A workspace whose only campaign went out."""
    with world(tmp_path, url=engine_url) as (ws, carrier):
        assert isinstance(carrier, FakeCarrier)
        with ws.sql.write() as tx:
            touching.ask(ws, tx, ASK, MEMBERS, ws.clock.now())
        dispatching.drain(ws)
        yield ws


def _broken(ws: Workspace) -> set[str]:
    return {code for code, holds, _, _ in touches.check(ws) if not holds}


def test_all_holds_after_a_campaign(sent: Workspace) -> None:
    assert [code for code, *_ in touches.check(sent)] == [f"engagement.{name}" for name in ("ended", "places", "arms", "leaks")]
    assert _broken(sent) == set()


def test_i25_a_call_that_nobody_ended_is_told(sent: Workspace) -> None:
    long_ago = sent.clock.now() - dt.timedelta(days=1)
    with sent.sql.write() as tx:
        tx.execute(sa.update(parcel_table).values(state=ParcelState.CALLING.value, lease_until=long_ago))
    assert _broken(sent) == {"engagement.ended"}


def test_somebody_at_two_places_is_told(sent: Workspace) -> None:
    with sent.sql.write() as tx:
        for node in ("a", "b", "@goal"):
            row = {"journey_id": "jny_1", "version": 1, "node": node, "due": 0, "size": 2, "members": BitMap([1, 2]).serialize()}
            tx.execute(sa.insert(place_table).values(row))
    assert _broken(sent) == {"engagement.places"}


def test_e03_a_touch_of_a_control_is_told(sent: Workspace) -> None:
    before = sent.clock.now() - dt.timedelta(hours=1)
    with sent.sql.write() as tx:
        design = Design(control_basis_points=5_000)
        named = {"origin_kind": ASK.origin.kind.value, "origin_id": ASK.origin.id}
        exposing.declare(sent, tx, **named, name="x", design=design, by=SYSTEM, at=before)
        exposing.decide(sent, tx, **named, members=MEMBERS, at=before)
    assert _broken(sent) == {"engagement.leaks"}
