"""A full disk: a clear refusal, nothing lost or doubled, and work goes on once there is space."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
_ROOM = "96m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 96 MB, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


_WRITER = """
import json, sys
from pathlib import Path
from tests.support.ingesting import messages, opened
from wellspring.activity import api
from wellspring.kernel.errors import StoreUnavailable

home = Path(sys.argv[1])
installation, ws = opened(home)
ballast = home.parent / "ballast"
told = {"refused": [], "acknowledged": [], "codes": []}
def send(piece):
    try:
        result = api.ingest(ws, messages(piece), source="disk")
        told["acknowledged"].append(piece)
    except StoreUnavailable as full:
        told["refused"].append(piece)
        told["codes"].append([full.status, full.code, full.detail("en")])
send(0)
with ballast.open("wb") as out:
    try:
        while True:
            out.write(b"x" * 65536)
            out.flush()
    except OSError:
        pass
for piece in range(1, 6):
    send(piece)
ballast.unlink()
for piece in range(0, 9):
    send(piece)
rows = ws.log.query(f"SELECT message_id, count() FROM {api.events_sql()} GROUP BY message_id", fmt="TSV").decode().split()
told["times"] = dict(zip(rows[::2], map(int, rows[1::2])))
api.upkeep(ws)
told["broken"] = [row[0] for row in api.check(ws) if not row[1]]
print(json.dumps(told), flush=True)
installation.close()
"""


def test_a_full_disk_is_told_and_survived(small_disk: Path) -> None:
    line = [sys.executable, "-c", _WRITER, str(small_disk / "home")]
    done = subprocess.run(line, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["refused"], "the disk was never full"
    assert {tuple(code[:2]) for code in told["codes"]} == {(503, "kernel.store_unavailable")}
    assert set(told["acknowledged"]) == set(range(9))
    assert {name: times for name, times in told["times"].items() if times != 1} == {}
    assert len(told["times"]) == 9 * 20
    assert told["broken"] == []
