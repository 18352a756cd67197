"""kill -9 at every fail point that intake passes: nothing acknowledged is lost, nothing counts twice."""

import json
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support import forked
from tests.support.ingesting import MESSAGES, PIECES

pytestmark = pytest.mark.slow

WRITER = "tests.support.ingesting"
POINTS = (
    "activity.arrival.taken",
    "activity.ingest.appended",
    "activity.ingest.before_answer",
    "activity.ingest.before_commit",
    "activity.ingest.registered",
    "activity.ingest.resolved",
    "activity.orders.before_commit",
    "activity.orders.events_written",
    "activity.orders.lines_written",
    "activity.orders.past_kept",
    "activity.orders.rows_written",
    "activity.refunds.attributed",
    "activity.refunds.rows_written",
    "activity.sales.before_commit",
    "people.resolve.after_commit",
    "people.resolve.before_commit",
    "people.resolve.members_inserted",
)
_ALL = [str(piece) for piece in range(PIECES)]


def _run(home: Path, wanted: str, **environment: str) -> tuple[int, set[str], str]:
    """The exit code, the acknowledged pieces and the last line."""
    ended = forked.run(WRITER, str(home), wanted, **environment)
    lines = ended.stdout.splitlines()
    return ended.returncode, {line.removeprefix("ack ") for line in lines if line.startswith("ack ")}, lines[-1] if lines else ""


def _finished(home: Path, missing: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """What was stored, then the missing pieces, then what is stored."""
    ended = forked.run(WRITER, str(home), f"verify,{missing},verify" if missing else "verify,verify")
    told = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return ended.returncode, told[0], told[-1]


def _verified(home: Path, acknowledged: set[str]) -> None:
    """Sends again what was not acknowledged; then everything is there exactly once."""
    missing = ",".join(piece for piece in _ALL if piece not in acknowledged)
    code, before, found = _finished(home, missing)
    assert code == 0
    for piece in acknowledged:
        assert all(before["ids"].get(f"m{piece}-{place}") == 1 for place in range(MESSAGES)), "an acknowledged event is lost"
    assert {name: times for name, times in found["ids"].items() if times != 1} == {}
    for piece in _ALL:
        assert all(f"m{piece}-{place}" in found["ids"] for place in range(MESSAGES))
        told = [
            f"order:{word}"
            for word in (f"placed:tmall:{piece}", f"completed:tmall:{piece}", f"refunded:tmall:E{piece}", f"refunded:tmall:R{piece}")
        ]
        assert all(name in found["ids"] for name in told)
        assert sum(1 for name in found["ids"] if name.startswith(f"order:updated:tmall:{piece}:")) == 1
    assert found["orders"] == [PIECES, PIECES * 10_000]
    assert found["refunds"] == [2 * PIECES, 2 * PIECES * 100, 0]
    assert found["rejected"] == PIECES
    assert found["broken"] == []


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Every fail point of a clean run, and how often it is passed."""
    home = tmp_path_factory.mktemp("clean") / "home"
    log = home.with_name("points")
    assert _run(home, ",".join(_ALL), WELLSPRING_FAILPOINT_LOG=str(log))[0] == 0
    _verified(home, set(_ALL))
    shutil.rmtree(home)
    return Counter(log.read_text().split())


def test_no_fail_point_is_forgotten(passages: Counter[str]) -> None:
    assert sorted(passages) == sorted(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_there(passages: Counter[str], point: str, tmp_path: Path) -> None:
    code, acknowledged, _ = _run(tmp_path / "home", ",".join(_ALL), WELLSPRING_FAILPOINT=f"{point}:{max(1, passages[point] // 2)}")
    assert code == -signal.SIGKILL
    assert len(acknowledged) < PIECES
    _verified(tmp_path / "home", acknowledged)


def test_any_moment(tmp_path: Path) -> None:
    rng = random.Random(7)
    for turn in range(4):
        home = tmp_path / str(turn)
        with forked.started(WRITER, str(home), ",".join(_ALL)) as writer:
            lines = [writer.stdout.readline()]
            time.sleep(rng.uniform(0.05, 2.0))
            writer.kill()
            lines += writer.stdout.readlines()
        _verified(home, {line.split()[1] for line in lines if line.startswith("ack ")})
        shutil.rmtree(home)
