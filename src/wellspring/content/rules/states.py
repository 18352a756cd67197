"""Where a version may go: written, waiting, approved or rejected. An approved one is never changed; the next is a new one."""

from wellspring.content.contracts import VersionState

_STEPS = {
    "submit": (frozenset({VersionState.DRAFT, VersionState.REJECTED}), VersionState.WAITING),
    "withdraw": (frozenset({VersionState.WAITING}), VersionState.DRAFT),
    "approve": (frozenset({VersionState.WAITING}), VersionState.APPROVED),
    "reject": (frozenset({VersionState.WAITING}), VersionState.REJECTED),
}


def after(step: str, state: VersionState) -> VersionState | None:
    """The state that a step leads to; None where it does not begin here."""
    begins, ends = _STEPS[step]
    return ends if state in begins else None


def is_written_over(state: VersionState) -> bool:
    """Whether an edit changes this version, rather than beginning the next."""
    return state is not VersionState.APPROVED
