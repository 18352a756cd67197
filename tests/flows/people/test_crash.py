"""kill -9 at every fail point of people: what was acknowledged is there, nothing is half done, and the work goes on."""

from pathlib import Path

import pytest

from tests.support import forked
from tests.support import people as support
from tests.support.people import identity
from wellspring.people import api as people

# Each step prints its name when it is acknowledged; a second run skips what is there.
STORY = """
import sys
from pathlib import Path
from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, workspace
from wellspring.kernel import jobs
from wellspring.people import api as people, jobs as people_jobs
from wellspring.people.contracts import ConsentState, ConsentWord, Decision
people_jobs.register()
people.register_eraser("log", lambda ws, numbers: 0)
ws = workspace(Path(sys.argv[1]))
def done(name): print(name, flush=True)
resolve(ws, claim("user_id:u1", "phone:13800000001", attributes={"city": "上海"}), claim("anonymous_id:a1")); done("claims")
people.resolve_keys(ws, kind=identity("card_no:x").kind, values=["c1", "c2"], at=NOON, source="file"); done("keys")
resolve(ws, claim("user_id:u1", "anonymous_id:a1")); done("merged")
resolve(ws, claim("user_id:u2", "phone:13800000001")); done("disputed")
number = people.find(ws, [identity("user_id:u1")])[0]
if number:
    here = member_id(ws, number)
    word = ConsentWord("marketing", "sms", ConsentState.UNSUBSCRIBED, NOON)
    people.put_consent(ws, by=OPERATOR, member_id=here, word=word); done("consent")
    people.change(ws, by=OPERATOR, member_id=here, attributes={"city": "北京"}); done("changed")
    for conflict in people.conflicts(ws, by=OPERATOR).rows:
        people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.KEEP_APART)
    ids = [member_id(ws, one) for one in people.find(ws, [identity("card_no:c1"), identity("card_no:c2")])]
    if len(set(ids)) == 2: people.merge(ws, by=OPERATOR, ids=ids)
    for made in people.merges(ws, by=OPERATOR, member_id=ids[0]): people.unmerge(ws, by=OPERATOR, merge_id=made.id)
    done("undone")
    people.erase(ws, by=OPERATOR, member_id=here); done("erased")
resolve(ws, claim("user_id:u7"), import_id="imp"); people.undo_import(ws, by=OPERATOR, import_id="imp"); done("import")
jobs.run_due(ws); done("jobs")
"""


POINTS = (
    "people.change.before_commit",
    "people.conflict.before_commit",
    "people.consent.before_commit",
    "people.erase.before_commit",
    "people.erase.store_erased",
    "people.merge.before_commit",
    "people.reseal.before_commit",
    "people.resolve.after_commit",
    "people.resolve.before_commit",
    "people.resolve.members_inserted",
    "people.resolve_keys.before_commit",
    "people.resolve_keys.chunk",
    "people.undo_import.deleted",
    "people.unmerge.before_commit",
)


def run(folder: Path, **environment: str) -> forked.Ended:
    folder.mkdir(exist_ok=True)
    return forked.run(str(folder), text=STORY, **environment)


def offences(folder: Path) -> list[str]:
    ws = support.workspace(folder)
    found = [code for code, holds, _, _ in people.check(ws) if not holds]
    ws.sql.close()
    return found


@pytest.mark.slow
def test_the_story_passes_every_point(tmp_path: Path) -> None:
    log = tmp_path / "passages"
    whole = run(tmp_path / "whole", WELLSPRING_FAILPOINT_LOG=str(log))
    assert whole.returncode == 0, whole.stderr
    assert {name for name in log.read_text().splitlines() if name.startswith("people.")} == set(POINTS)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_kill_9_loses_nothing_acknowledged_and_leaves_nothing_half_done(tmp_path: Path, point: str) -> None:
    killed = run(tmp_path, WELLSPRING_FAILPOINT=point)
    assert killed.returncode == -9, killed.stderr
    assert offences(tmp_path) == []
    if "claims" in killed.stdout.split():
        ws = support.workspace(tmp_path)
        assert people.find(ws, [identity("anonymous_id:a1")]) != [0] or people.find(ws, [identity("user_id:u1")]) == [0]
        ws.sql.close()
    again = run(tmp_path)
    assert again.returncode == 0, again.stderr
    assert offences(tmp_path) == []
    ws = support.workspace(tmp_path)
    assert people.find(ws, [identity("user_id:u1")]) == [0]
    ws.sql.close()
