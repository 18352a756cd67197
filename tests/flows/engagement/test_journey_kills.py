"""kill -9 at every fail point of a tick of journeys: the next run comes out where an undisturbed one would, and asks for nothing twice."""

from pathlib import Path

import pytest

from tests.support import forked

# Every step may be done twice: an interrupted run is simply run again. The last line printed is what stands.
STORY = """
import datetime as dt, sys
from pathlib import Path
from pyroaring import BitMap
from tests.support import activity as acting, journeys as going, workspaces
from tests.support.journeys import EXIT, SEND, line, on, wait
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.repo import batches, journeys as repo
from wellspring.engagement.service import journeying
from wellspring.kernel.auth import SYSTEM
place = workspaces.installation(Path(sys.argv[1]))
ws = place.create("crash")
clock, start = place.clock, place.clock.now()
nodes = [wait("2h"), {"kind": "tag", "put": ["旅程/到过"]}, SEND, wait("1d"), SEND, EXIT]
graph = line(on("Cart", reentry="after_exit"), *nodes, exits=[{"event": "Bought"}], goal={"event": "Bought", "within": "7d"})
with going.carrier():
    with ws.sql.read() as tx: known = repo.named(tx, "崩溃")
    made = known or journeying.create(ws, by=SYSTEM, name="崩溃", kind=JourneyKind.JOURNEY, description="", draft=graph, sop=None).id
    if journeying.one(ws, made).version == 0: journeying.publish(ws, by=SYSTEM, journey_id=made, plan={}, note="")
    days = ((0, "Cart", "ab"), (1, "Cart", "c"), (3, "Bought", "a"), (4, "Cart", "d"), (30, "Bought", "c"), (40, "", ""))
    for hours, event, users in days:
        clock.move_to(start + dt.timedelta(hours=hours))
        tracked = [acting.track(event, userId=u, messageId=f"{hours}-{u}", timestamp=clock.now().isoformat()) for u in users]
        if tracked: acting.ingest(ws, *tracked)
        going.beat(ws)
        going.act(ws)
journey = journeying.one(ws, made)
with ws.sql.read() as tx:
    asked = sorted((batch.origin.node, member) for batch in batches.open_of(tx, OriginKind.JOURNEY, made) for member in batch.members)
# How many go together depends on when the process was there again; who goes where and why does not.
moved = sorted((member, one, two, why) for one, two, why, who in going.moves(ws, journey) for member in who)
print(asked, moved, (journey.inside, journey.entered, journey.converted), flush=True)
place.close()
"""
POINTS = (
    "engagement.effects.done",
    "engagement.journeys.before_commit",
    "engagement.journeys.committed",
    "engagement.journeys.gathered",
    "engagement.journeys.walked",
)


def run(folder: Path, **environment: str) -> forked.Ended:
    folder.mkdir(exist_ok=True)
    return forked.run(str(folder), text=STORY, **environment)


@pytest.mark.slow
@pytest.mark.one_engine("a process of its own opens its own data folder")
def test_killed_anywhere_it_comes_out_the_same(tmp_path: Path) -> None:
    log = tmp_path / "passages"
    whole = run(tmp_path / "whole", WELLSPRING_FAILPOINT_LOG=str(log))
    assert whole.returncode == 0, whole.stderr
    passed = [line for line in log.read_text(encoding="utf-8").splitlines() if line in POINTS]
    assert set(passed) == set(POINTS)
    for point in POINTS:
        for time in sorted({1, passed.count(point)}):
            folder = tmp_path / f"{point}-{time}"
            killed = run(folder, WELLSPRING_FAILPOINT=f"{point}:{time}")
            assert killed.returncode == -9, killed.stderr
            again = run(folder)
            assert (again.returncode, again.stdout) == (0, whole.stdout), again.stderr
