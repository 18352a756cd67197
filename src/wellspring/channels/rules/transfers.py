"""Who may be handed over, what the platform's answers mean, and the closed days that statistics are asked for."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from wellspring.channels.contracts.transfers import TRANSFERS_MAX, TransferKind, TransferState

CHINA = dt.timezone(dt.timedelta(hours=8))
# The platform keeps half a year, and takes 30 days at a time, both ends included (page 92132).
HISTORY_DAYS = 180
SPAN_DAYS = 30
_RESULTS = {1: TransferState.DONE, 2: TransferState.WAITING, 3: TransferState.REFUSED, 4: TransferState.FULL}
_FULL = 40099

NOT_FOLLOWED = ("not_followed", "原员工不是该客户的好友", "the member of staff is not connected to them")
TOO_OFTEN = ("too_often", "90 天内已转接 2 次", "handed over twice within 90 days")
UNDER_WAY = ("under_way", "正在继承中", "being handed over already")
ALREADY = ("already", "已是接替员工的好友", "connected to the successor already")


def left_out(
    external_userid: str, *, followed: bool, by_successor: bool, recent: int, is_under_way: bool, kind: TransferKind
) -> tuple[str, str, str, str] | None:
    """Why a customer cannot be handed over: the id, a code, and the reason in both languages; None for nothing."""
    # Who left follows nobody any more for our relations; the platform's own list says who is to be had.
    if not followed and kind is TransferKind.ON_JOB:
        return (external_userid, *NOT_FOLLOWED)
    if is_under_way:
        return (external_userid, *UNDER_WAY)
    if by_successor:
        return (external_userid, *ALREADY)
    if recent >= TRANSFERS_MAX and kind is TransferKind.ON_JOB:
        return (external_userid, *TOO_OFTEN)
    return None


def after_call(code: int) -> TransferState:
    """What a customer's own code in the answer means."""
    if code == 0:
        return TransferState.WAITING
    return TransferState.FULL if code == _FULL else TransferState.FAILED


def after_result(status: int) -> TransferState | None:
    """What a result means; None for no record, which says nothing of a call that was just made."""
    return _RESULTS.get(status)


def later(before: TransferState, told: TransferState) -> TransferState:
    """A hand-over that ended stays as it ended, whatever is told afterwards."""
    return before if before in {TransferState.DONE, TransferState.REFUSED, TransferState.FULL} else told


def spans(first: dt.date, last: dt.date, today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Closed days of the last half year in pieces that the platform takes; today is not closed."""
    start = max(first, today - dt.timedelta(days=HISTORY_DAYS))
    end = min(last, today - dt.timedelta(days=1))
    found = []
    while start <= end:
        until = min(start + dt.timedelta(days=SPAN_DAYS - 1), end)
        found.append((start, until))
        start = until + dt.timedelta(days=1)
    return found


def pieces(listed: Sequence[str], size: int) -> Iterable[list[str]]:
    """The list in pieces."""
    for start in range(0, len(listed), size):
        yield list(listed[start : start + size])


def counted(states: Mapping[str, int]) -> dict[str, int]:
    """How many customers stand where, every state named."""
    return {str(state): states.get(state, 0) for state in TransferState}
