"""The pumps that keep codes as they are wished, the greeter, and the daily report."""

import datetime as dt
from typing import Any

from wellspring.acquisition.service import arriving, clockwork, greeting, reporting, tending, turning
from wellspring.channels import api as channels
from wellspring.kernel import jobs, pumps
from wellspring.kernel.jobs import Running

_REPORT_EVERY = dt.timedelta(hours=1)


def register() -> None:
    """Makes them known."""
    channels.register_greeter(greeting.greet)
    pumps.register(clockwork.TURNING, turning.step)
    pumps.register(clockwork.TENDING, tending.step)
    pumps.register(clockwork.TELLING, arriving.tell)
    jobs.register("acquisition.report", _report, every=_REPORT_EVERY)


def _report(running: Running) -> dict[str, Any]:
    return {"days": reporting.settle(running.workspace)}
