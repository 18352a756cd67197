"""Import of a 5-million-line order file against ClickHouse's own CSV insert of the same file, and its memory at two sizes.

Ours reads, checks, resolves 100,000 buyers, writes orders, lines and events, and reconciles; the baseline only fills a
plain typed table, equally durable. Both run in processes of their own, in turn; their processor time tells them
apart on a machine that is busy with other things. WELLSPRING_BENCH_LINES=1000000 makes it shorter.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.results import Result, median, result

_ROOT = Path(__file__).resolve().parents[1]
_LINES = int(os.environ.get("WELLSPRING_BENCH_LINES", "5000000"))
_RUNS = int(os.environ.get("RUNS", "5"))


def run() -> list[Result]:
    """The measurements."""
    with tempfile.TemporaryDirectory(prefix="wellspring-bench-") as folder:
        large, small = Path(folder) / "large.csv", Path(folder) / "small.csv"
        for path, lines in ((large, _LINES), (small, _LINES // 5)):
            _once("make", path, lines)
        bare, ours = [], []
        for _ in range(_RUNS):
            bare.append(_once("bare", large, _LINES))
            ours.append(_once("ours", large, _LINES))
        peak = max(one["peak_megabytes"] for one in ours)
        peak_small = _once("ours", small, _LINES // 5)["peak_megabytes"]
    speed, own = (_LINES / median([one["seconds"] for one in runs]) for runs in (ours, bare))
    work, own_work = (median([one["processor_seconds"] for one in runs]) for runs in (ours, bare))
    label = f"{_LINES / 1e6:g} million lines"
    return [
        result(f"import of orders, {label}", speed, "lines/s", baseline="ClickHouse's own CSV insert", baseline_value=own, at_least=0.3),
        result(f"processor time of an import, {label}", work, "s", baseline="ClickHouse's own CSV insert", baseline_value=own_work),
        result(
            f"peak memory of an import, {label}",
            peak,
            "MB",
            baseline=f"{_LINES / 5e6:g} million lines",
            baseline_value=peak_small,
            at_most=1.5,
        ),
    ]


def _once(what: str, path: Path, lines: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench._import_once", what, str(path), str(lines)]
    answer = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr[-2000:])
    figures: dict[str, float] = json.loads(answer.stdout.splitlines()[-1]) if answer.stdout.strip() else {}
    return figures
