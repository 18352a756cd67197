"""kill -9 at every fail point of audiences: the next run comes out where an undisturbed one would, and tells nothing twice."""

from pathlib import Path

import pytest

from tests.support import forked

# Every step may be done twice: an interrupted run is simply run again. The last line printed is what stands.
STORY = """
import datetime as dt, sys
from pathlib import Path
from tests.support import activity as acting, workspaces
from wellspring.audiences import repo
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.rules import read
from wellspring.audiences.service import defining, ticking
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.auth import SYSTEM
place = workspaces.installation(Path(sys.argv[1]))
ws = place.create("crash")
clock, start = place.clock, place.clock.now()
acting.ingest(ws, *(acting.track("A", userId=f"u{n}", messageId=f"first-{n}") for n in range(5)))
def named(name):
    with ws.sql.read() as tx: return repo.named(tx, name)
if named("A") is None: defining.create(ws, by=SYSTEM, name="A", definition={"did": "A", "within": "1d"}, refresh=Refresh.LIVE)
if named("not A") is None:
    defining.create(ws, by=SYSTEM, name="not A", definition={"not": {"audience": "A"}}, refresh=Refresh.LIVE)
ticking.tick(ws)
clock.move_to(start + dt.timedelta(hours=20))
acting.ingest(ws, *(acting.track("A", userId=f"u{n}", messageId=f"second-{n}") for n in range(3, 8)))
acting.ingest(ws, acting.identify("u9", {"city": "上海"}))
ticking.tick(ws)
if named("A").definition.get("within") == "1d":
    defining.change(ws, by=SYSTEM, audience_id=named("A").id, definition={"did": "A", "within": "12h"})
clock.move_to(start + dt.timedelta(hours=25))
ticking.tick(ws)
clock.move_to(start + dt.timedelta(hours=40))
ticking.tick(ws)
found = []
for name in ("A", "not A"):
    audience = named(name)
    anew = References(Asking(ws, Instant(now_of(ws))), is_cached=False).evaluating.members(read.read(audience.definition))
    with ws.sql.read() as tx:
        members, inside = repo.members(tx, audience.id), set()
        for version in reversed(repo.versions(tx, audience.id, before=None, limit=100)):
            entered, left = map(set, repo.change_sets(tx, audience.id, version.version))
            assert not entered & inside and left <= inside, "a transition was told twice"
            inside = (inside | entered) - left
    assert set(members) == set(anew) == inside, name
    found.append(f"{name}: {sorted(members)} {audience.state.value}")
print("; ".join(found), flush=True)
place.close()
"""
STANDS = "A: [] ready; not A: [1, 2, 3, 4, 5, 6, 7, 8, 9] ready"
POINTS = (
    "audiences.change.before_commit",
    "audiences.change.computed",
    "audiences.create.before_commit",
    "audiences.mirror.before_commit",
    "audiences.tick.before_commit",
    "audiences.tick.committed",
    "audiences.tick.computed",
)


def run(folder: Path, **environment: str) -> forked.Ended:
    folder.mkdir(exist_ok=True)
    return forked.run(str(folder), text=STORY, **environment)


@pytest.mark.slow
def test_the_story_passes_every_point(tmp_path: Path) -> None:
    log = tmp_path / "passages"
    whole = run(tmp_path / "whole", WELLSPRING_FAILPOINT_LOG=str(log))
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.splitlines()[-1] == STANDS
    assert {name for name in log.read_text().splitlines() if name.startswith("audiences.")} == set(POINTS)


@pytest.mark.slow
@pytest.mark.parametrize("passage", [*(f"{point}:1" for point in POINTS), "audiences.tick.computed:3", "audiences.tick.before_commit:3"])
def test_kill_9_and_the_next_run_comes_out_the_same(tmp_path: Path, passage: str) -> None:
    killed = run(tmp_path, WELLSPRING_FAILPOINT=passage)
    assert killed.returncode == -9, killed.stderr
    again = run(tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[-1] == STANDS
