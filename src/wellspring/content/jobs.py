"""The pump that takes openings into the log."""

from wellspring.content.service import opening
from wellspring.kernel import pumps


def register() -> None:
    """Names it."""
    pumps.register(opening.PUMP, opening.step)
