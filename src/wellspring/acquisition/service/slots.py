"""Places in a welcome that somebody else fills: a coupon is one of them as soon as offers can give any."""

from collections.abc import Callable
from typing import Any

from wellspring.acquisition.contracts.codes import Part

# Gives the coupon of a member as a link or a mini program, None where there is none to give; must answer at once.
Fill = Callable[[Any, str, int], Part | None]
# What can be chosen: (id, name).
Choices = Callable[[Any], list[tuple[str, str]]]

_filled_by: list[tuple[Fill, Choices]] = []


def register(fill: Fill, choices: Choices) -> None:
    """Names who fills the place of a coupon; the last one counts."""
    _filled_by[:] = [(fill, choices)]


def fill(ws: Any, offer_id: str, member_no: int) -> Part | None:  # noqa: ANN401 - the workspace type, without a cycle
    """The coupon for somebody, None where nobody gives one."""
    return _filled_by[0][0](ws, offer_id, member_no) if _filled_by else None


def choices(ws: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
    """What may be put into the place; nothing while nobody fills it, and it is not offered then."""
    return _filled_by[0][1](ws) if _filled_by else []
