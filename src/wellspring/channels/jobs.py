"""What channels does by itself: pumps for what has seconds, jobs for what is long."""

import datetime as dt

from wellspring.channels.service import (
    arriving,
    behaviour,
    corptags,
    entrances,
    followers,
    group_lists,
    groups,
    keeping,
    links,
    media,
    noting,
    receiving,
    removing,
    sending,
    settling,
    syncing,
    tagging,
    telling,
    transfers,
    upkeep,
    working,
)
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel import jobs, pumps
from wellspring.kernel.jobs import Running


def register() -> None:
    """Names the pumps and the handlers of jobs."""
    arriving.register()
    pumps.register(keeping.PUMP, working.step)
    pumps.register(telling.PUMP, telling.step)
    jobs.register(syncing.JOB, syncing.run)
    jobs.register("channels.sync_nightly", syncing.start_nightly, every=dt.timedelta(days=1))
    jobs.register("channels.forget_callbacks", upkeep.forget_callbacks, every=dt.timedelta(days=1))
    pumps.register(entrances.PUMP, entrances.step)
    pumps.register(groups.PUMP, groups.step)
    pumps.register(noting.PUMP, noting.step)
    pumps.register(removing.PUMP, removing.step)
    pumps.register(tagging.PUMP, tagging.step)
    pumps.register(followers.PUMP, followers.step)
    for event in followers.EVENTS:
        working.register_reader(event, followers.heard)
    working.register_reader("TEMPLATESENDJOBFINISH", receiving.template_ended)
    working.register_reader("text", receiving.text_heard)
    jobs.register(followers.JOB, followers.sync, every=dt.timedelta(days=1))
    pumps.register(transfers.PUMP, transfers.step)
    jobs.register(behaviour.JOB, behaviour.sync, every=dt.timedelta(hours=12))
    working.register_reader("change_external_tag", corptags.heard)
    jobs.register(corptags.JOB, corptags.sync, every=dt.timedelta(hours=6))
    jobs.register(tagging.JOB, tagging.walk)
    working.register_reader("change_external_chat", groups.heard)
    working.register_reader("customer_acquisition", links.heard)
    jobs.register(group_lists.JOB, group_lists.sync, every=dt.timedelta(days=1))
    jobs.register(group_lists.DAYS_JOB, group_lists.fetch_days, every=dt.timedelta(hours=12))
    jobs.register("channels.link_customers", links.fetch_all, every=dt.timedelta(hours=6))
    jobs.register(links.SOON_JOB, links.fetch_all)
    jobs.register("channels.forget_media", _forget_media, every=dt.timedelta(days=1))
    jobs.register("channels.settle_parcels", _settle_parcels, every=dt.timedelta(minutes=2))
    jobs.register("channels.fetch_mails", _fetch_mails, every=dt.timedelta(minutes=5))
    jobs.register("channels.forget_parcels", _forget_parcels, every=dt.timedelta(days=1))


def _forget_media(running: Running) -> dict[str, int]:
    return {"forgotten": media.forget_expired(running.workspace)}


def _forget_parcels(running: Running) -> dict[str, int]:
    ws = running.workspace
    kept = dt.timedelta(days=ws.settings.get(ChannelsSettings).parcels_kept_days)
    return {"forgotten": sending.forget_old(ws, before=ws.clock.now() - kept)}


def _fetch_mails(running: Running) -> dict[str, int]:
    return receiving.fetch_mails(running.workspace)


def _settle_parcels(running: Running) -> dict[str, int]:
    return {"found": settling.settle(running.workspace)}
