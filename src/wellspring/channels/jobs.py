"""What channels does by itself: pumps for what has seconds, jobs for what is long."""

import datetime as dt

from wellspring.channels.service import entrances, links, media
from wellspring.kernel import jobs, pumps
from wellspring.kernel.jobs import Running


def register() -> None:
    """Names the pumps and the handlers of jobs."""
    pumps.register(entrances.PUMP, entrances.step)
    jobs.register("channels.link_customers", links.fetch_all, every=dt.timedelta(hours=6))
    jobs.register("channels.forget_media", _forget_media, every=dt.timedelta(days=1))


def _forget_media(running: Running) -> dict[str, int]:
    return {"forgotten": media.forget_expired(running.workspace)}
