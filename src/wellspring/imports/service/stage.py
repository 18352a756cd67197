"""Bringing a file of orders into its staging table: fast first, and again thoroughly where the fast reading was not enough."""

import contextlib
from collections.abc import Callable, Iterable, Iterator

from wellspring.imports.contracts import ImportFile
from wellspring.imports.facts import flat, orders, staging
from wellspring.imports.service import tables
from wellspring.imports.service.plans import Plan
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

_active: set[str] = set()
Progress = Callable[[int, int | None, str], None]
# What a thorough reading may still read: thousands commas, currency signs, Chinese dates, "3.0".
_UNREADABLE = {"amount_unreadable", "time_unreadable", "quantity_unreadable"}


@contextlib.contextmanager
def active(prefix: str) -> Iterator[None]:
    """Marks the staging tables of a dry run as in use by this process."""
    _active.add(prefix)
    try:
        yield
    finally:
        _active.discard(prefix)


def is_active(prefix: str) -> bool:
    """Whether a dry run of this process uses them."""
    return prefix in _active


def flat_file(ws: Workspace, plan: Plan, names: orders.OrderTables, progress: Progress) -> None:
    """Loads the one file of a plan into the flat table."""
    target = names.raw if plan.mapping.derive_order_no else names.flat
    description = _described(plan, target, thorough=False)
    load(ws, description, plan.file, progress, thorough=False)
    if staging.codes(ws.log, target) & _UNREADABLE:
        description = _described(plan, target, thorough=True)
        load(ws, description, plan.file, progress, thorough=True)
    if plan.mapping.derive_order_no:
        staging.create(ws.log, staging.Staging(names.flat, description.width, description.kept))
        stored = [kept.name for kept in description.kept if kept.is_stored]
        orders.derive_numbers(ws.log, names, stored)
        staging.drop(ws.log, names.raw)
    failpoints.hit("imports.stage.loaded")


def _described(plan: Plan, target: str, *, thorough: bool) -> staging.Staging:
    return flat.orders(
        target, plan.mapping, plan.file.detected.names, shop=plan.shop, currency=plan.currency, zone=plan.zone, thorough=thorough
    )


def load(ws: Workspace, description: staging.Staging, file: ImportFile, progress: Progress, *, thorough: bool) -> bool:
    """Streams the file into the table; line by line where its quoting is broken. Gives whether that was needed."""
    for careful in (False, True):
        staging.create(ws.log, description)
        pieces, delimiter = tables.csv_pieces(ws, file, careful=careful)
        try:
            staging.load(ws.log, description, _watched(pieces, file, progress), delimiter=delimiter, thorough=thorough)
        except RuntimeError:
            # The engine refuses the whole file for one bad quotation mark; the careful reader costs that line only.
            if careful:
                raise
            continue
        if careful or not staging.is_swallowed(ws.log, description):
            return careful
    return True


def _watched(pieces: Iterable[bytes], file: ImportFile, progress: Progress) -> Iterator[bytes]:
    done, told = 0, 0
    per_row = max(file.size_bytes // max(file.detected.rows_estimate, 1), 1)
    for piece in pieces:
        yield piece
        done += len(piece)
        # Every 16 MB: often enough for a progress bar and for the lease of the job.
        if done - told >= 16 << 20:
            told = done
            progress(min(done // per_row, file.detected.rows_estimate), file.detected.rows_estimate, "读取 / reading")
