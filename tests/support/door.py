"""Brings the simulator's events to the door of callbacks as its poster would: sealed, signed, any number of times."""

import time
from collections.abc import Iterable

from tests.support.corps import Corp
from wecom_simulator.callbacks import sealed
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.outbox import Receiver
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft
from wellspring.kernel.auth import SYSTEM

TOKEN = "QDG6eKtoken"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def opened(corp: Corp) -> Corp:
    """Gives the account the keys of its callbacks, and notes from now on what the corp would tell."""
    known = channels.account(corp.ws, corp.account_id)
    draft = AccountDraft(known.kind, known.name, known.corp_id, known.agent_id, callback_token=TOKEN, callback_key=KEY, host=known.host)
    channels.change_account(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=draft)
    corp.listen()
    return corp


def request(corp: Corp, event: Event, *, token: str = TOKEN, key: str = KEY, receiver: str = "") -> tuple[dict[str, str], bytes]:
    """Query and body of a callback."""
    to = Receiver("", token, key, receiver or corp.sim.corp.corpid, corp.sim.app.agent_id)
    return sealed(to, wecom_xml(event, corp.sim.corp.corpid), str(event.at), str(time.monotonic_ns()))


def bring(corp: Corp, events: Iterable[Event]) -> None:
    """Each event once more, in this order; returns when all are on the disk."""
    kept = [channels.receive_callback(corp.ws, corp.account_id, *request(corp, event)) for event in events]
    for one in kept:
        one.result(30)


def told(corp: Corp) -> None:
    """Brings everything that was told since, and lets the pumps work."""
    events, corp.told = corp.told, []
    bring(corp, events)
    corp.work()
