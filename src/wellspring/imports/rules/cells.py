"""Cells of reject files: made harmless for spreadsheets on the way out, and read back as they were on the way in.

Pure. The last three columns tell why; a corrected file may keep them, they are not read again.
"""

from collections.abc import Sequence

from wellspring.kernel.text import guard_cell

REASON_COLUMNS = ("reject_code", "拒绝原因", "reject_reason")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\0", "\n")


def guarded(cells: Sequence[str]) -> list[str]:
    """Each cell so that no spreadsheet takes it for a formula."""
    return [guard_cell(cell) for cell in cells]


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`: for files that we wrote ourselves."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RISKY) else cell
