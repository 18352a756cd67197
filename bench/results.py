"""What a measurement says: a value beside its baseline, the goal, and whether it holds.

A result without a goal is printed for information (cold start, memory, sizes).
"""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parent / "results.json"
Result = dict[str, Any]


def result(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: str = "",
    baseline_value: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Result:
    """One row; the goal is about the ratio of the value to the baseline, or about the value where there is none."""
    ratio = value / baseline_value if baseline_value else None
    judged = value if ratio is None else ratio
    goal = f">= {at_least:g}" if at_least is not None else f"<= {at_most:g}" if at_most is not None else ""
    holds = None
    if at_least is not None:
        holds = judged >= at_least
    elif at_most is not None:
        holds = judged <= at_most
    return {
        "name": name,
        "value": _short(value),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": None if baseline_value is None else _short(baseline_value),
        "ratio": None if ratio is None else _short(ratio),
        "goal": goal,
        "holds": holds,
    }


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which this share of all lies (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def median(samples: Sequence[float]) -> float:
    """The middle of several runs."""
    return statistics.median(samples)


def keep(found: Sequence[Result]) -> None:
    """Writes the results; those of a run of one module replace their namesakes only."""
    known = json.loads(PLACE.read_text(encoding="utf-8")) if PLACE.exists() else []
    names = {row["name"] for row in found}
    rows = [*(row for row in known if row["name"] not in names), *found]
    PLACE.write_text(json.dumps(sorted(rows, key=lambda row: str(row["name"])), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(found: Sequence[Result]) -> str:
    """The results as text, one line each."""
    head = ("name", "value", "unit", "baseline", "baseline_value", "ratio", "goal", "holds")
    lines = [head, *(tuple("" if row[name] is None else str(row[name]) for name in head) for row in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
