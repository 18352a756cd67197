"""What a crash leaves between the log and the tables made from it is mended at the next start, not at the next upkeep."""

from tests.support.activity import events_of, ingest, track
from wellspring.activity import api
from wellspring.activity.models import timeline_log
from wellspring.activity.repo import blocks
from wellspring.activity.service import arrival
from wellspring.kernel import jobs
from wellspring.kernel.workspace import Workspace


def _start_again(ws: Workspace) -> None:
    """As a new process does: the numbering begins anew, and whoever asks for the watermark closes what is left open."""
    arrival._arrivals.pop(ws, None)
    api.watermark(ws)


def test_a_start_after_a_crash_mends_at_once(workspace: Workspace) -> None:
    ingest(workspace, track(messageId="m1"))
    jobs.run_due(workspace)
    # The log has the event, its writer died before the timeline had it: its block is open.
    api.stop(workspace)
    workspace.log.command(f"TRUNCATE TABLE {timeline_log.name}")
    with workspace.sql.write() as tx:
        blocks.take(workspace, tx, size=10, owner="wri_dead", wall=0.0)
    assert events_of(workspace) == []
    _start_again(workspace)
    assert jobs.run_due(workspace) == 1
    assert [event.message_id for event in events_of(workspace)] == ["m1"]


def test_a_start_after_an_orderly_end_does_not(workspace: Workspace) -> None:
    ingest(workspace, track(messageId="m1"))
    jobs.run_due(workspace)
    api.stop(workspace)
    _start_again(workspace)
    assert jobs.run_due(workspace) == 0
