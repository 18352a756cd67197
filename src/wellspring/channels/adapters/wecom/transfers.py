"""Hand-over as the platform takes and tells it (pages 92125, 94088, 94081, 94082), and statistics of staff (92132)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts.transfers import StaffDay, TransferKind
from wellspring.kernel.clock import UTC

_PAGE = 1000


class Result(NamedTuple):
    """What became of one customer: the platform's status, and when it happens by itself or happened."""

    external_userid: str
    status: int
    at: dt.datetime | None


def start(ask: Ask, kind: TransferKind, handover: str, takeover: str, external_userids: Sequence[str], message: str) -> dict[str, int]:
    """Starts the hand-over of at most 100 customers; gives each one's own code. Not to be repeated blindly."""
    body: dict[str, object] = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(external_userids)}
    if kind is TransferKind.RESIGNED:
        answer = ask("externalcontact/resigned/transfer_customer", body, safe=False)
    else:
        body |= {"transfer_success_msg": message} if message else {}
        answer = ask("externalcontact/transfer_customer", body, safe=False)
    return {str(one["external_userid"]): int(one.get("errcode") or 0) for one in answer.get("customer") or []}


def results(ask: Ask, kind: TransferKind, handover: str, takeover: str) -> Iterator[Result]:
    """What became of every customer handed over between the two."""
    path = "externalcontact/resigned/transfer_result" if kind is TransferKind.RESIGNED else "externalcontact/transfer_result"
    for page in pages(ask, path, {"handover_userid": handover, "takeover_userid": takeover}):
        for one in page.get("customer") or []:
            yield Result(str(one["external_userid"]), int(one.get("status") or 0), _instant(one.get("takeover_time")))


def unassigned(ask: Ask) -> Iterator[tuple[str, str, dt.datetime | None]]:
    """Customers of those who left: by whom, who, and when that was."""
    for page in pages(ask, "externalcontact/get_unassigned_list", {"page_size": _PAGE}):
        for one in page.get("info") or []:
            yield str(one["handover_userid"]), str(one["external_userid"]), _instant(one.get("dimission_time"))


def days(ask: Ask, userid: str, first: dt.datetime, last: dt.datetime) -> list[StaffDay]:
    """What was counted of one member of staff on the days between two midnights, both included.

    Several in one call would be told as one sum.
    """
    body = {"userid": [userid], "start_time": int(first.timestamp()), "end_time": int(last.timestamp())}
    found = ask("externalcontact/get_user_behavior_data", body, safe=True).get("behavior_data") or []
    return [
        StaffDay(
            userid=userid,
            day=dt.datetime.fromtimestamp(int(one["stat_time"]), tz=first.tzinfo).date(),
            new_applications=int(one.get("new_apply_cnt") or 0),
            new_contacts=int(one.get("new_contact_cnt") or 0),
            chats=int(one.get("chat_cnt") or 0),
            messages=int(one.get("message_cnt") or 0),
            negative_feedback=int(one.get("negative_feedback_cnt") or 0),
            reply_percentage=_number(one.get("reply_percentage")),
            reply_minutes=_number(one.get("avg_reply_time")),
        )
        for one in found
    ]


def _instant(seconds: object) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(int(str(seconds)), tz=UTC) if seconds else None


def _number(told: object) -> float | None:
    # A number in the samples, a text in one schema.
    return None if told in (None, "") else float(str(told))
