"""Marketing that reaches a control is counted from the ledger: 0, unless something is broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyroaring import BitMap

from tests.support.touching import ACCOUNT, MEMBERS, FakeCarrier, world
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.api import proof
from wellspring.engagement.contracts.proof import Design, Split, Terms
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose
from wellspring.engagement.service import dispatching, exposing, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

Placed = tuple[Workspace, FakeCarrier]
HALF = Design(control_basis_points=5_000)


@pytest.fixture
def placed(tmp_path: Path, engine_url: str | None) -> Iterator[Placed]:
    with world(tmp_path, url=engine_url) as made:
        yield made


def begin(ws: Workspace) -> tuple[str, Split]:
    with ws.sql.write() as tx:
        about = {"origin_kind": "campaign", "origin_id": "cmp_1"}
        made = exposing.declare(ws, tx, **about, name="春季群发", design=HALF, by=SYSTEM, at=ws.clock.now())
        return made.id, exposing.decide(ws, tx, **about, members=MEMBERS, at=ws.clock.now())


def send(ws: Workspace, members: BitMap, *, origin: str = "cmp_1", purpose: Purpose = Purpose.MARKETING) -> None:
    ask = Ask(Origin(OriginKind.CAMPAIGN, origin, 1), f"{origin}:1", "mat_1", Channel.SMS, ACCOUNT, purpose, is_held_out_checked=True)
    with ws.sql.write() as tx:
        touching.ask(ws, tx, ask, members, ws.clock.now())
    dispatching.drain(ws)


def test_e03_no_leak_where_the_control_is_left_alone(placed: Placed) -> None:
    ws, fake = placed
    experiment, split = begin(ws)
    send(ws, split.arms[0])
    assert set(fake.touched) == set(split.arms[0])
    assert proof.leaks(ws, experiment_id=experiment) == 0


def test_e03_each_marketing_touch_of_the_control_is_a_leak_and_nothing_else_is(placed: Placed) -> None:
    ws, _ = placed
    experiment, split = begin(ws)
    send(ws, split.control, origin="cmp_2")
    send(ws, split.control, origin="cmp_3", purpose=Purpose.SERVICE)
    # What another campaign sends, and what is no marketing, is none of this one's.
    assert proof.leaks(ws, experiment_id=experiment) == 0
    send(ws, MEMBERS)
    assert proof.leaks(ws, experiment_id=experiment) == len(split.control) > 0


def test_e03_of_the_workspaces_holdout_any_marketing_is(placed: Placed) -> None:
    ws, fake = placed
    holdout = proof.set_holdout(ws, by=SYSTEM, share_basis_points=5_000, refresh_days=None, terms=Terms())
    _, split = begin(ws)
    assert split.by_workspace
    # The planner looks at it, whoever asks.
    send(ws, MEMBERS, origin="cmp_2")
    assert not set(fake.touched) & set(split.by_workspace)
    assert proof.leaks(ws, experiment_id=holdout.id) == 0
    send(ws, MEMBERS, origin="cmp_3", purpose=Purpose.SERVICE)
    assert set(fake.touched) == set(MEMBERS)
    assert proof.leaks(ws, experiment_id=holdout.id) == 0
