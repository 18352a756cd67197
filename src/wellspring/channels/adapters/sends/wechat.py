"""Official Account: template messages, subscription notices and customer service; Mini Program: subscription messages.

One person per call. What kind of template an id names is asked of the account once an hour.
"""

import threading
import time
import weakref
from typing import Any

from wellspring.channels.adapters.sends.desk import Desk, Mute
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel
from wellspring.channels.errors import ChannelFailed
from wellspring.content.contracts import Body, PartKind
from wellspring.kernel.stores import Sql

_TEMPLATE, _NOTICE = "cgi-bin/message/template/send", "cgi-bin/message/subscribe/bizsend"
_SERVICE, _MINI = "cgi-bin/message/custom/send", "cgi-bin/message/subscribe/send"
_LIST = "cgi-bin/template/get_all_private_template"
_FRESH_SECONDS = 3_600.0
# In a body's fields: the language and state of a Mini Program's message, beside the template's own keys.
_STATE_FIELD = "miniprogram_state"
_KEY_MAX = 32
_known: "weakref.WeakKeyDictionary[Sql, dict[str, tuple[float, frozenset[str]]]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


class OfficialAccount(Mute):
    """A body with a template is a template message or a notice; one without is a message of customer service (48 hours)."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Sends to the one recipient."""
        openid, body = parcel.recipients[0].address, parcel.body
        if not body.template_id:
            desk.ask(_SERVICE, {"touser": openid, "msgtype": "text", "text": {"content": body.text}}, safe=False)
            return Outcome(OutcomeState.ACCEPTED)
        told: dict[str, Any] = {"touser": openid, "template_id": body.template_id, "data": _values(body)}
        mini = next((one for one in body.attachments if one.kind is PartKind.MINI), None)
        link = next((one for one in body.attachments if one.kind is PartKind.LINK), None)
        if body.template_id not in _templates(desk):
            if mini is not None:
                told["miniprogram"] = {"appid": mini.app_id, "pagepath": mini.path}
            elif link is not None:
                told["page"] = link.url
            answer = desk.ask(_NOTICE, told, safe=False)
            return Outcome(OutcomeState.ACCEPTED, str(answer.get("msgid") or ""))
        if mini is not None:
            told["miniprogram"] = {"appid": mini.app_id, "pagepath": mini.path}
        if link is not None:
            told["url"] = link.url
        told["client_msg_id"] = parcel.key[-_KEY_MAX:]
        answer = desk.ask(_TEMPLATE, told, safe=False)
        return Outcome(OutcomeState.ACCEPTED, str(answer.get("msgid") or ""))


class MiniProgram(Mute):
    """One permission of the person is one message; the page comes from an attached page of the Mini Program."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Sends to the one recipient."""
        body = parcel.body
        told: dict[str, Any] = {"touser": parcel.recipients[0].address, "template_id": body.template_id, "data": _values(body)}
        mini = next((one for one in body.attachments if one.kind is PartKind.MINI), None)
        if mini is not None:
            told["page"] = mini.path
        if state := dict(body.fields).get(_STATE_FIELD):
            told["miniprogram_state"] = state
        answer = desk.ask(_MINI, told, safe=False)
        return Outcome(OutcomeState.ACCEPTED, str(answer.get("msgid") or ""))


def _values(body: Body) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in body.fields if name != _STATE_FIELD}


def _templates(desk: Desk) -> frozenset[str]:
    """The account's template messages; what is not among them is a subscription notice."""
    now, key = time.monotonic(), desk.account.id
    with _guard:
        kept = _known.get(desk.ws.sql, {}).get(key)
    if kept is not None and kept[0] > now:
        return kept[1]
    try:
        answer = desk.ask(_LIST, safe=True)
    except ChannelFailed:
        # Without the permission to list them nothing is known; a last answer is better than none.
        return kept[1] if kept is not None else frozenset()
    found = frozenset(str(one["template_id"]) for one in answer.get("template_list") or [])
    with _guard:
        _known.setdefault(desk.ws.sql, {})[key] = (now + _FRESH_SECONDS, found)
    return found
