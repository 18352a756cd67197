"""kill -9 at every fail point of people: what was acknowledged is there, nothing is half done, and the work goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import people as support
from tests.support.people import identity
from wellspring.people import api as people

ROOT = Path(__file__).resolve().parents[3]
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
    made = people.merge(ws, by=OPERATOR, ids=ids)
    if made: people.unmerge(ws, by=OPERATOR, merge_id=made.id)
    done("undone")
    people.erase(ws, by=OPERATOR, member_id=here); done("erased")
resolve(ws, claim("user_id:u7"), import_id="imp"); people.undo_import(ws, by=OPERATOR, import_id="imp"); done("import")
jobs.run_due(ws); done("jobs")
"""


def run(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    folder.mkdir(exist_ok=True)
    variables = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", **environment}
    return subprocess.run(
        [sys.executable, "-c", STORY, str(folder)], env=variables, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
def test_kill_9_at_every_fail_point(tmp_path: Path) -> None:
    log = tmp_path / "passages"
    whole = run(tmp_path / "whole", WELLSPRING_FAILPOINT_LOG=str(log))
    assert whole.returncode == 0, whole.stderr
    passages = [name for name in log.read_text().splitlines() if name.startswith("people.")]
    names = sorted(set(passages))
    assert len(names) >= 13
    for name in names:
        folder = tmp_path / name
        killed = run(folder, WELLSPRING_FAILPOINT=name)
        assert killed.returncode == -9, (name, killed.stderr)
        ws = support.workspace(folder)
        assert [code for code, holds, _, _ in people.check(ws) if not holds] == [], name
        acknowledged = killed.stdout.split()
        if "claims" in acknowledged and "erased" not in acknowledged and name != "people.erase.store_erased":
            assert people.find(ws, [identity("anonymous_id:a1")]) != [0], name
        ws.sql.close()
        again = run(folder)
        assert again.returncode == 0, (name, again.stderr)
        ws = support.workspace(folder)
        assert [code for code, holds, _, _ in people.check(ws) if not holds] == [], name
        assert people.find(ws, [identity("user_id:u1")]) == [0], name
        ws.sql.close()
