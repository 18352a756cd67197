"""Runs the measurements: `python -m bench` all of them, `python -m bench ingest` one module.

Every module of this folder with a function `run() -> list of results` is a measurement.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

from bench import results


def main(arguments: list[str]) -> int:
    """Runs what was asked for; ends with 1 when a goal does not hold."""
    only = {argument for argument in arguments if not argument.startswith("-")}
    found: list[results.Result] = []
    for name, run in _modules():
        if only and name not in only:
            continue
        print(f"# {name}", flush=True)
        rows = run()
        results.keep(rows)
        found += rows
    print(results.table(found))
    return int(any(row["holds"] is False for row in found))


def _modules() -> list[tuple[str, Callable[[], list[results.Result]]]]:
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if not module.name.startswith("_"))
    modules = [(name, importlib.import_module(f"bench.{name}")) for name in names]
    return [(name, module.run) for name, module in modules if hasattr(module, "run")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
