"""Time alone moves members: windows slide, days end, and nobody has to do anything for it."""

import datetime as dt

from tests.support import activity as acting
from wellspring.audiences import repo
from wellspring.audiences.contracts import Audience, Refresh
from wellspring.audiences.service import defining, ticking
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace


def live(ws: Workspace, name: str, definition: object) -> Audience:
    return defining.create(ws, by=SYSTEM, name=name, definition=definition, refresh=Refresh.LIVE)[0]


def count(ws: Workspace, audience: Audience) -> int:
    ticking.tick(ws)
    with ws.sql.read() as tx:
        return len(repo.members(tx, audience.id))


def test_s01_leaves_when_window_slides(workspace: Workspace, clock: VirtualClock) -> None:
    twice = live(workspace, "近 7 天两次", {"did": "A", "gte": 2, "within": "7d"})
    acting.ingest(workspace, acting.track("A"))
    clock.move_to(clock.now() + dt.timedelta(days=1))
    acting.ingest(workspace, acting.track("A"))
    assert count(workspace, twice) == 1
    clock.move_to(clock.now() + dt.timedelta(days=6) - dt.timedelta(milliseconds=1))
    assert count(workspace, twice) == 1
    clock.move_to(clock.now() + dt.timedelta(milliseconds=1))
    assert count(workspace, twice) == 0


def test_s02_fewer_and_none_hold_those_without_events(workspace: Workspace, clock: VirtualClock) -> None:
    acting.ingest(workspace, acting.identify("nothing"), acting.track("A", userId="once"))
    none = live(workspace, "没做过", {"did": "A", "is": 0, "within": "1d"})
    fewer = live(workspace, "少于两次", {"did": "A", "lt": 2, "within": "1d"})
    little = live(workspace, "合计不到 5", {"did": "A", "measure": {"sum": "total"}, "lt": 5, "within": "1d"})
    assert [count(workspace, one) for one in (none, fewer, little)] == [1, 2, 2]
    acting.ingest(workspace, acting.track("A", userId="nothing", properties={"total": 9}), acting.track("A", userId="nothing"))
    assert [count(workspace, one) for one in (none, fewer, little)] == [0, 1, 1]
    acting.ingest(workspace, acting.identify("newcomer"))
    assert [count(workspace, one) for one in (none, fewer, little)] == [1, 2, 2]
    clock.move_to(clock.now() + dt.timedelta(days=1))
    assert [count(workspace, one) for one in (none, fewer, little)] == [3, 3, 3]


def test_s12_everybody_leaving_at_midnight_keeps_nobody_from_entering(workspace: Workspace, clock: VirtualClock) -> None:
    today = live(workspace, "今天来过", {"did": "A", "within": "calendar day"})
    acting.ingest(workspace, *(acting.track("A", userId=f"u{number}") for number in range(300)))
    assert count(workspace, today) == 300
    # Midnight in Shanghai is 16:00 UTC; one comes in the first millisecond of the day.
    clock.move_to(clock.now().replace(hour=16, minute=0, second=0, microsecond=0))
    acting.ingest(workspace, acting.track("A", userId="early"))
    assert count(workspace, today) == 1
    with workspace.sql.read() as tx:
        newest = repo.versions(tx, today.id, before=None, limit=1)[0]
    assert (newest.entered, newest.left) == (1, 300)


def test_days_begin_anew_when_the_workspace_moves(workspace: Workspace, clock: VirtualClock) -> None:
    clock.move_to(dt.datetime(2026, 3, 18, 15, 30, tzinfo=dt.UTC))
    today = live(workspace, "今天来过", {"did": "A", "within": "calendar day"})
    # 23:30 in Shanghai; half an hour later it is tomorrow there, and noon in New York.
    acting.ingest(workspace, acting.track("A"))
    clock.move_to(clock.now() + dt.timedelta(minutes=30))
    assert count(workspace, today) == 0
    settings = workspace.settings.get(WorkspaceSettings)
    workspace.settings.put(settings.model_copy(update={"time_zone": "America/New_York"}))
    assert count(workspace, today) == 1
