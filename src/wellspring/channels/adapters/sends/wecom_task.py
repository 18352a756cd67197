"""A task for a guide as a message of the app (page 90236): what to do by hand, and for whom. What they then do nobody can ask."""

from wellspring.channels.adapters.sends.desk import Desk, Handed, Mute
from wellspring.channels.adapters.sends.wecom_content import shortened
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel
from wellspring.channels.rules import sends as rules
from wellspring.content.contracts import Body

_NAMED_MAX = 30
_BYTES_MAX = 2_048
# The same text to the same members within four hours is dropped by the platform, should our own call come twice after all.
_REPEAT_SECONDS = 14_400
_NOBODY = 81013


class StaffTask(Mute):
    """`sender` of a parcel is the guide, or several joined by "|"; the recipients are the customers to turn to."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Sends the guide the text with the names of the customers."""
        names = desk.names([one.member_no for one in parcel.recipients[:_NAMED_MAX]])
        content = shortened(_text(parcel.body, names, len(parcel.recipients)), _BYTES_MAX)
        body = {
            "touser": parcel.sender,
            "msgtype": "text",
            "agentid": int(desk.account.agent_id or 0),
            "text": {"content": content},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _REPEAT_SECONDS,
        }
        answer = desk.ask("message/send", body, safe=False)
        if answer.get("invaliduser"):
            return Outcome(OutcomeState.REFUSED, problem=rules.problem(_NOBODY))
        return Outcome(OutcomeState.ACCEPTED, str(answer.get("msgid") or ""))

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Takes the message back within 24 hours."""
        desk.ask("message/recall", {"msgid": handed.provider_id}, safe=True)


def _text(body: Body, names: list[str], total: int) -> str:
    lines = [body.text]
    lines += [f"{one.title} {one.url}".strip() for one in body.attachments if one.url]
    if names:
        # Said to the brand's own staff, who speak the language of their customers.
        rest = f" 等 {total} 位" if total > len(names) else ""
        lines.append(f"客户：{'、'.join(names)}{rest}")
    return "\n".join(line for line in lines if line)
