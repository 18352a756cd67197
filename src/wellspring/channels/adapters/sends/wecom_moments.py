"""WeCom's moments: a job that makes one, which each named member of staff then publishes or not (pages 95094, 93333, 97612)."""

from collections.abc import Iterator
from typing import Any

from wellspring.channels.adapters.sends import wecom_content
from wellspring.channels.adapters.sends.desk import Desk, Handed, Mute
from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel, Receipt, ReceiptState
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.rules import sends as rules

# In a body's fields: corp tags of those who may see it, joined by "|"; without it everybody whom the senders follow.
TAGS_FIELD = "wecom_tag_ids"
_PAGE, _SEEN_PAGE = 1_000, 5_000
_DONE = 3
_QUIET = frozenset({rules.MOMENT_DISPATCHING, rules.MOMENT_UNPUBLISHED, rules.MOMENT_NOT_HIS})


class Moments(Mute):
    """`sender` of a parcel names one guide, or several joined by "|"."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Starts the job; what it made is known when it is asked."""
        seen: dict[str, Any] = {"sender_list": {"user_list": parcel.sender.split("|")}}
        tags = dict(parcel.body.fields).get(TAGS_FIELD, "")
        if tags:
            seen["external_contact_list"] = {"tag_list": tags.split("|")}
        body = {"visible_range": seen, **wecom_content.moment(parcel.body, desk.upload)}
        answer = desk.ask("externalcontact/add_moment_task", body, safe=False)
        return Outcome(OutcomeState.ACCEPTED, str(answer["jobid"]))

    def receipts(self, desk: Desk, handed: Handed) -> tuple[list[Receipt], str]:
        """Who can see it, and for whom it waits; nothing while the job runs."""
        moment_id, problem = _made(desk.ask, handed)
        if problem:
            return [Receipt(handed.provider_id, "", ReceiptState.FAILED, problem, None)], ""
        if not moment_id:
            return [], ""
        try:
            return list(_read(desk.ask, handed, moment_id)), moment_id
        except ChannelFailed as failure:
            if failure.errcode in _QUIET:
                return [], moment_id
            raise

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Stops whoever has not published; a job that made nothing has nothing to stop."""
        moment_id, _ = _made(desk.ask, handed)
        if moment_id:
            desk.ask("externalcontact/cancel_moment_task", {"moment_id": moment_id}, safe=True)


def _made(ask: Ask, handed: Handed) -> tuple[str, str]:
    """The moment that the job made (empty while it runs), or why it made none."""
    if handed.made_id:
        return handed.made_id, ""
    answer = ask("externalcontact/get_moment_task_result", safe=True, query={"jobid": handed.provider_id})
    if int(answer.get("status") or 0) != _DONE:
        return "", ""
    result = answer.get("result") or {}
    code = int(result.get("errcode") or 0)
    return (str(result.get("moment_id") or ""), "") if code == 0 else ("", rules.problem(code))


def _read(ask: Ask, handed: Handed, moment_id: str) -> Iterator[Receipt]:
    tasks = pages(ask, "externalcontact/get_moment_task", {"moment_id": moment_id, "limit": _PAGE})
    published = {str(one["userid"]): bool(int(one.get("publish_status") or 0)) for page in tasks for one in page.get("task_list") or []}
    for userid, is_out in published.items():
        last = "get_moment_send_result" if is_out else "get_moment_customer_list"
        body = {"moment_id": moment_id, "userid": userid, "limit": _SEEN_PAGE if is_out else _PAGE}
        state = ReceiptState.SENT if is_out else ReceiptState.WAITING
        for page in pages(ask, f"externalcontact/{last}", body):
            for one in page.get("customer_list") or []:
                yield Receipt(handed.provider_id, str(one["external_userid"]), state, "", None, userid)
