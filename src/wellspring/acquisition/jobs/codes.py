"""The pumps that keep codes as they are wished, the greeter, and the daily report."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wellspring.acquisition.service import arriving, clicking, clockwork, greeting, reporting, tending, tracing, turning
from wellspring.channels import api as channels
from wellspring.kernel import jobs, pumps
from wellspring.kernel.clock import iso
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_REPORT_EVERY = dt.timedelta(hours=1)


def register() -> None:
    """Makes them known."""
    people.register_person_part("sources", _of_person)
    channels.register_greeter(greeting.greet)
    pumps.register(clockwork.TURNING, turning.step)
    pumps.register(clockwork.TENDING, tending.step)
    pumps.register(clockwork.TELLING, arriving.tell)
    jobs.register("acquisition.link_clicks", clicking.count, every=_REPORT_EVERY)
    jobs.register("acquisition.report", _report, every=_REPORT_EVERY)


def _of_person(ws: Workspace, member_nos: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"at": iso(one.at), "code": one.code_name, "state": one.state, "left_at": iso(one.left_at) if one.left_at else None}
        for one in tracing.of_numbers(ws, member_nos)
    ]


def _report(running: Running) -> dict[str, Any]:
    return {"days": reporting.settle(running.workspace)}
