"""WeCom's group send to contacts or to groups: a task that a member of staff must confirm (pages 92135, 93338, 97610, 97611)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from wellspring.channels.adapters.sends import wecom_content
from wellspring.channels.adapters.sends.desk import Desk, Handed
from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel, Receipt, ReceiptState
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.rules import sends as rules
from wellspring.kernel.clock import UTC

_PATH = "externalcontact/add_msg_template"
_TASKS, _TASKS_PAGE = "externalcontact/get_groupmsg_task", 1_000
_RESULTS, _RESULTS_PAGE = "externalcontact/get_groupmsg_send_result", 1_000
_UNSENT, _SENT = 0, 1


class Made(NamedTuple):
    """A task that an application made, as the platform lists it."""

    msgid: str
    text: str
    created_at: dt.datetime


def made(ask: Ask, channel: Channel, since: dt.datetime, until: dt.datetime) -> list[Made]:
    """The tasks that were made within a time (of a month at most), by any of the corp's applications."""
    body = {"chat_type": "group" if channel is Channel.WECOM_GROUP else "single", "filter_type": 0, "limit": 100}
    body |= {"start_time": int(since.timestamp()), "end_time": int(until.timestamp())}
    rows = [one for page in pages(ask, "externalcontact/get_groupmsg_list_v2", body) for one in page.get("group_msg_list") or []]
    found = []
    for one in rows:
        text = str((one.get("text") or {}).get("content") or "")
        found.append(Made(str(one["msgid"]), text, dt.datetime.fromtimestamp(int(one["create_time"]), tz=UTC)))
    return found


def senders(ask: Ask, msgid: str) -> set[str]:
    """The members of staff whom a task was given to."""
    listed = pages(ask, _TASKS, {"msgid": msgid, "limit": _TASKS_PAGE})
    return {str(one["userid"]) for page in listed for one in page.get("task_list") or []}


class Mass:
    """`channel` is WECOM for contacts, WECOM_GROUP for groups."""

    def __init__(self, channel: Channel) -> None:
        self._is_group = channel is Channel.WECOM_GROUP

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Makes the task; those whom the platform cannot take are told as refused."""
        body: dict[str, Any] = {"chat_type": "group" if self._is_group else "single"}
        body["chat_id_list" if self._is_group else "external_userid"] = [one.address for one in parcel.recipients]
        if parcel.sender:
            body["sender"] = parcel.sender
        # The media first: nothing is sent by uploading.
        body |= wecom_content.message(parcel.body, desk.upload)
        answer = desk.ask(_PATH, body, safe=False)
        failed = frozenset(str(one) for one in answer.get("fail_list") or [])
        refused = tuple((one.member_no, rules.NOT_TAKEN) for one in parcel.recipients if one.address in failed)
        return Outcome(OutcomeState.ACCEPTED, str(answer.get("msgid") or ""), refused)

    def receipts(self, desk: Desk, handed: Handed) -> tuple[list[Receipt], str]:
        """What became of every recipient of every member of staff; nothing while the platform is still giving it out."""
        try:
            return list(self._read(desk.ask, handed)), ""
        except ChannelFailed as failure:
            if failure.errcode == rules.DISPATCHING:
                return [], ""
            raise

    def remind(self, desk: Desk, handed: Handed) -> None:
        """Raises ChannelFailed 41094 when three reminders went out within a day."""
        desk.ask("externalcontact/remind_groupmsg_send", {"msgid": handed.provider_id}, safe=False)

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Stops what is not confirmed; twice is once."""
        try:
            desk.ask("externalcontact/cancel_groupmsg_send", {"msgid": handed.provider_id}, safe=True)
        except ChannelFailed as failure:
            if failure.errcode != rules.CANCELLED:
                raise

    def _read(self, ask: Ask, handed: Handed) -> Iterator[Receipt]:
        tasks = {"msgid": handed.provider_id, "limit": _TASKS_PAGE}
        userids = [str(one["userid"]) for page in pages(ask, _TASKS, tasks) for one in page.get("task_list") or []]
        for userid in userids:
            results = {"msgid": handed.provider_id, "userid": userid, "limit": _RESULTS_PAGE}
            for page in pages(ask, _RESULTS, results):
                for one in page.get("send_list") or []:
                    yield self._receipt(handed, userid, one)

    def _receipt(self, handed: Handed, userid: str, one: dict[str, Any]) -> Receipt:
        address = str(one.get("chat_id" if self._is_group else "external_userid") or "")
        status = int(one.get("status") or 0)
        at = _instant(one.get("send_time"))
        if status == _UNSENT:
            return Receipt(handed.provider_id, address, ReceiptState.WAITING, "", at, userid)
        if status == _SENT:
            return Receipt(handed.provider_id, address, ReceiptState.SENT, "", at, userid)
        reason = rules.MASS_STATES.get(status, f"status:{status}")
        return Receipt(handed.provider_id, address, ReceiptState.FAILED, reason, at, userid)


def _instant(seconds: Any) -> dt.datetime | None:  # noqa: ANN401 - a number or its text
    return dt.datetime.fromtimestamp(int(seconds), tz=UTC) if seconds else None
