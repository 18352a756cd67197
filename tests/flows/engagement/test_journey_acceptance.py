"""The whole way of an operator: an audience, a template, a dry run, the pressure, a launch with a holdout, thirty days, the figures."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.support import activity as acting
from tests.support import journeys as going
from tests.support.journeys import advance, beat
from tests.support.touching import FakeCarrier
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.service import defining
from wellspring.content import api as content
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.journeys import JourneyState
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.repo import batches
from wellspring.engagement.repo import proof as experiments
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

BUYERS = 120


@pytest.fixture(autouse=True)
def fake() -> Iterator[FakeCarrier]:
    with going.carrier() as placed:
        yield placed


def _bought(ws: Workspace, buyer: int, at: dt.datetime, number: str) -> None:
    order = acting.order(number, buyer=[Buyer("buyer_id", f"b{buyer}")], placed_at=at, paid_at=at)
    activity.write_orders(ws, by=SYSTEM, orders=[order])


@pytest.mark.slow
@pytest.mark.one_engine("what differs between engines is tested step by step")
def test_from_a_template_to_its_figures(workspace: Workspace) -> None:
    now = workspace.clock.now()
    for buyer in range(BUYERS):
        _bought(workspace, buyer, now - dt.timedelta(days=1 + buyer % 28, hours=2), f"first-{buyer}")
    acting.settle(workspace)
    once = {"did": "Order Completed", "measure": {"count": True}, "is": 1}
    audience, _warnings = defining.create(workspace, by=SYSTEM, name="首购未复购", definition=once, refresh=Refresh.LIVE)
    journey = api.create(workspace, by=SYSTEM, name="新客7天", template="newcomers_7_days", audience_id=audience.id)
    # It brings its materials, approved, so that nothing else has to be opened before it is launched.
    assert api.faults(workspace, draft=journey.draft) == []
    named = [node["content_id"] for node in journey.draft["nodes"].values() if "content_id" in node]
    assert all(content.material(workspace, content_id=one).version == 1 for one in named)
    run = api.dry_run(workspace, draft=journey.draft, since=now - dt.timedelta(days=30), until=now)
    assert run.entered == BUYERS
    assert [send.node for send in run.sends][:3] == ["n2", "n4", "n6"]
    members, nodes = api.pressure(workspace, draft=journey.draft)
    assert (members, len(nodes)) == (BUYERS, 5)
    assert all(node.planned + node.held + sum(node.dropped.values()) == BUYERS for node in nodes)
    assert sum(messages for _guide, messages in nodes[0].guides) == nodes[0].planned > 0
    published = api.publish(workspace, by=SYSTEM, journey_id=journey.id)
    assert published.state is JourneyState.RUNNING
    beat(workspace)
    assert api.one(workspace, journey_id=journey.id).inside == BUYERS
    _thirty_days(workspace)
    whole = api.one(workspace, journey_id=journey.id)
    assert (whole.inside, whole.entered) == (0, BUYERS)
    assert whole.converted == BUYERS // 6
    _nobody_of_the_control_was_asked(workspace, journey.id)


def _thirty_days(ws: Workspace) -> None:
    for beats in range(30 * 2):
        if beats == 5:
            for buyer in range(0, BUYERS, 6):
                _bought(ws, buyer, ws.clock.now(), f"second-{buyer}")
        advance(ws, hours=12)


def _nobody_of_the_control_was_asked(ws: Workspace, journey_id: str) -> None:
    with ws.sql.read() as tx:
        experiment = experiments.running(tx, OriginKind.JOURNEY.value, journey_id)
        assert experiment is not None
        exposed = experiments.exposures(tx, experiment.id)
        asked = [member for batch in batches.open_of(tx, OriginKind.JOURNEY, journey_id) for member in batch.members]
    control = {member for one in exposed if one.arm == 0 for member in one.members}
    assert 3 <= len(control) <= 25
    assert asked
    assert not control & set(asked)
