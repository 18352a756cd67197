"""One way through a journey from end to end: an audience is entered, a wait ends, a message is planned, the journey is over."""

from collections.abc import Iterator

import pytest

from tests.support import journeys as going
from tests.support.journeys import EXIT, SEND, advance, beat, does, launch, line, moves, number, wait, where
from tests.support.touching import FakeCarrier
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.service import defining
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.repo import batches
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


@pytest.fixture(autouse=True)
def _carrier() -> Iterator[FakeCarrier]:
    with going.carrier() as fake:
        yield fake


def test_enters_an_audience_waits_is_sent_to_and_leaves(workspace: Workspace) -> None:
    does(workspace, "Product Viewed", "u1")
    made, _warnings = defining.create(workspace, by=SYSTEM, name="看过", definition={"did": "Product Viewed"}, refresh=Refresh.LIVE)
    entry = {"trigger": {"kind": "audience", "audience": made.id, "who": "both"}}
    journey = launch(workspace, line(entry, wait("3d"), SEND, EXIT))
    first = number(workspace, "u1")
    assert where(workspace, journey) == {"n1": {first}}
    advance(workspace, days=1)
    does(workspace, "Product Viewed", "u2")
    beat(workspace)
    second = number(workspace, "u2")
    assert where(workspace, journey) == {"n1": {first, second}}
    advance(workspace, days=2, minutes=5)
    assert where(workspace, journey) == {"n1": {second}}
    with workspace.sql.read() as tx:
        planned = batches.open_of(tx, OriginKind.JOURNEY, journey.id)
        assert [list(batch.members) for batch in planned] == [[first]]
    assert moves(workspace, journey) == [
        ("", "n1", "entered", [first]),
        ("", "n1", "entered", [second]),
        ("n1", "n2", "waited", [first]),
        ("n2", "n3", "sent", [first]),
        ("n3", "", "exit", [first]),
    ]
