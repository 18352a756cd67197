"""R1: killed at every kind of place on the way from an ask to an answer, a campaign goes on and nobody gets it twice."""

import json
from pathlib import Path

import pytest

from tests.support import forked
from tests.support.touching import MEMBERS

_PLACES = (
    "asked:1",
    "engagement.cut.claimed:1",
    "engagement.cut.before_commit:2",
    "engagement.call.marked:1",
    "provider.took:1",
    "provider.took:2",
    "provider.took:3",
    "engagement.call.answered:1",
    "engagement.call.written:1",
    "engagement.call.answered:2",
    "engagement.call.written:2",
)


def run(home: Path, failpoint: str = "") -> forked.Ended:
    return forked.run("tests.support.touching_crash", str(home), WELLSPRING_FAILPOINT=failpoint)


@pytest.mark.parametrize("place", _PLACES)
def test_r1_i25_killed_anywhere_everybody_gets_one_message(tmp_path: Path, place: str) -> None:
    killed = run(tmp_path, place)
    assert killed.returncode == -9, killed.stderr
    for _ in range(2):
        ended = run(tmp_path)
        assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["sends"] == [[number, "accepted"] for number in MEMBERS]
    assert set(told["states"]) == {"accepted"}
    taken = [json.loads(line) for line in (tmp_path / "provider").read_text(encoding="utf-8").splitlines()]
    assert sorted(number for _, members in taken for number in members) == list(MEMBERS)
    assert len({key for key, _ in taken}) == len(taken)
