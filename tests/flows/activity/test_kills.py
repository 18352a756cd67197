"""kill -9 at every fail point that intake passes: nothing acknowledged is lost, nothing counts twice."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.ingesting import MESSAGES, PIECES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]

_ALL = [str(piece) for piece in range(PIECES)]


def _start(home: Path, wanted: str, **environment: str) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", "tests.support.ingesting", str(home), wanted]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment})


def _run(home: Path, wanted: str, **environment: str) -> tuple[int, set[str], str]:
    """The exit code, the acknowledged pieces and the last line."""
    with _start(home, wanted, **environment) as writer:
        out = writer.communicate(timeout=300)[0]
    lines = out.splitlines()
    return writer.returncode, {line.removeprefix("ack ") for line in lines if line.startswith("ack ")}, lines[-1] if lines else ""


def _verified(home: Path, acknowledged: set[str]) -> None:
    """Sends again what was not acknowledged; then everything is there exactly once."""
    found: dict[str, Any] = json.loads(_run(home, "verify")[2])
    for piece in acknowledged:
        assert all(found["ids"].get(f"m{piece}-{place}") == 1 for place in range(MESSAGES)), "an acknowledged event is lost"
    missing = ",".join(piece for piece in _ALL if piece not in acknowledged)
    if missing:
        assert _run(home, missing)[0] == 0
        found = json.loads(_run(home, "verify")[2])
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
def points(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Every fail point of a clean run, and how often it is passed."""
    home = tmp_path_factory.mktemp("clean") / "home"
    log = home.with_name("points")
    assert _run(home, ",".join(_ALL), WELLSPRING_FAILPOINT_LOG=str(log))[0] == 0
    _verified(home, set(_ALL))
    shutil.rmtree(home)
    return Counter(log.read_text().split())


def test_every_fail_point(points: Counter[str], tmp_path: Path) -> None:
    wanted = {"activity.ingest.appended", "activity.ingest.before_answer", "activity.orders.rows_written", "people.resolve.before_commit"}
    assert wanted <= points.keys()
    for name, times in sorted(points.items()):
        home = tmp_path / name
        code, acknowledged, _ = _run(home, ",".join(_ALL), WELLSPRING_FAILPOINT=f"{name}:{max(1, times // 2)}")
        assert code == -signal.SIGKILL, name
        assert len(acknowledged) < PIECES
        _verified(home, acknowledged)
        shutil.rmtree(home)


def test_any_moment(tmp_path: Path) -> None:
    rng = random.Random(7)
    for turn in range(4):
        home = tmp_path / str(turn)
        with _start(home, ",".join(_ALL)) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline()]
            time.sleep(rng.uniform(0.05, 2.0))
            writer.kill()
            lines += writer.stdout.readlines()
        _verified(home, {line.split()[1] for line in lines if line.startswith("ack ")})
        shutil.rmtree(home)
