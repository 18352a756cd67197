"""Tickets of JS-SDK (pages 90506 and 96909): one of the corp for `config`, one of each app for `agentConfig`."""

from dataclasses import dataclass, field
from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.corp import Corp
from wecom_simulator.crypto import js_signature
from wecom_simulator.errors import Refused
from wecom_simulator.wecom import endpoint
from wecom_simulator.world import World

TICKET_SECONDS = 7_200
# Calls in an hour (page 90312).
_PER_CORP, _PER_APP = 400, 100


@dataclass(slots=True)
class Ticket:
    """A ticket and how often it was asked for in the hour."""

    text: str = ""
    expires_at: int = 0
    hour: int = 0
    asked: int = 0


@dataclass(slots=True)
class Tickets:
    """The corp's own under 0, an app's under its number."""

    by_agent: dict[int, Ticket] = field(default_factory=dict)


@endpoint("GET", "get_jsapi_ticket", defaults={"ticket": "", "expires_in": 0})
def get_jsapi_ticket(call: Call) -> dict[str, Any]:
    """The corp's ticket."""
    return _told(call, 0, _PER_CORP)


@endpoint("GET", "ticket/get", defaults={"ticket": "", "expires_in": 0})
def ticket_get(call: Call) -> dict[str, Any]:
    """The app's ticket."""
    if call.query.get("type") != "agent_config":
        raise Refused(91040)
    return _told(call, call.app.agent_id, _PER_APP)


def is_signed(world: World, corp: Corp, asked: dict[str, Any]) -> bool:
    """Whether a page's signature holds for the corp's ticket (agent_id 0) or an app's: what the client would check."""
    kept = corp.part(Tickets).by_agent.get(int(asked.get("agent_id", 0)))
    if kept is None or kept.expires_at <= world.now():
        return False
    wanted = js_signature(kept.text, str(asked["noncestr"]), str(asked["timestamp"]), str(asked["url"]))
    return wanted == asked.get("signature")


def _told(call: Call, agent_id: int, per_hour: int) -> dict[str, Any]:
    ticket = call.corp.part(Tickets).by_agent.setdefault(agent_id, Ticket())
    hour = call.now // 3600
    if hour != ticket.hour:
        ticket.hour, ticket.asked = hour, 0
    ticket.asked += 1
    if ticket.asked > per_hour:
        raise Refused(45009)
    if ticket.expires_at <= call.now:
        ticket.text = call.world.identifier("", 43) + call.world.identifier("", 43)
        ticket.expires_at = call.now + TICKET_SECONDS
    return {"ticket": ticket.text, "expires_in": ticket.expires_at - call.now}
