"""A campaign's time has come: its audience is frozen at that moment (J01), drawn, planned and written in one transaction."""

import dataclasses
import datetime as dt

from pyroaring import BitMap

from wellspring.channels.contracts.sends import SILENT, Capabilities, Channel
from wellspring.engagement.contracts.campaigns import Campaign, CampaignDraft, CampaignStanding, Occurrence, Rhythm, Timing, Variant
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose, Why
from wellspring.engagement.repo import batches, ledger
from wellspring.engagement.repo import campaigns as repo
from wellspring.engagement.rules import slots
from wellspring.engagement.rules.senders import Choice
from wellspring.engagement.service import booking, campaigns, exposing, timing, touching
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.service.touching import Ask
from wellspring.kernel import failpoints
from wellspring.kernel.arms import Arms, assigned
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.sets import from_column, to_column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Campaigns planned in one turn of the pump.
_PLANNED_MAX = 5
_GOING = (CampaignStanding.SCHEDULED.value, CampaignStanding.RUNNING.value)


@dataclasses.dataclass(frozen=True)
class Drawn:
    """The audience of one occurrence: who is left alone, and who is for which variant."""

    audience: BitMap
    held: BitMap
    arms: tuple[BitMap, ...]


def step(ws: Workspace) -> int:
    """Plans the campaigns whose time has come; gives how many."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        due = repo.due(tx, _GOING, now)
    # Of those whose time has come the more important are planned first: they compete for the same places (F08).
    due.sort(key=lambda row: (-row["content"]["priority"], row["next_at"], row["id"]))
    due = due[:_PLANNED_MAX]
    for campaign_id in (row["id"] for row in due):
        with ws.sql.write() as tx:
            campaign = campaigns.found(tx, campaign_id, locks=True)
            if campaign.state.value in _GOING and campaign.next_at is not None and campaign.next_at <= now:
                occur(ws, tx, campaign, now)
            failpoints.hit("engagement.launch.before_commit")
    return len(due) + _finish(ws)


def occur(ws: Workspace, tx: Tx, campaign: Campaign, now: dt.datetime) -> Occurrence:
    """Plans one occurrence; the next time is set in the same transaction, so it comes exactly once."""
    draft, number = campaign.draft, campaign.occurrences + 1
    audience = audience_of(ws, draft)
    drawn = draw(ws, tx, campaign, audience, number, now)
    planned, held, dropped = 0, 0, {}
    template = ask_of(campaign, draft.variants[0], 0, number, now)
    if drawn.held:
        batches.drop(tx, touching.template(template, now), {Why.HELD_OUT.value: drawn.held}, now)
        dropped[Why.HELD_OUT.value] = len(drawn.held)
    if draft.slots and (lost := audience - drawn.held - BitMap().union(*drawn.arms)):
        batches.drop(tx, touching.template(template, now), {Why.LOST_SLOT.value: lost}, now)
        dropped[Why.LOST_SLOT.value] = len(lost)
    for place, (variant, members) in enumerate(zip(draft.variants, drawn.arms, strict=True)):
        ask = ask_of(campaign, variant, place, number, now)
        going, later, reasons = _plan(ws, tx, draft, variant, ask, members, now)
        planned, held = planned + going, held + later
        for reason, count in reasons.items():
            dropped[reason] = dropped.get(reason, 0) + count
    told = Occurrence(number, now, len(audience), planned, held, dropped)
    repo.add_occurrence(tx, campaign.id, told)
    following = campaigns.following(ws, tx, draft, now) if draft.schedule.rhythm not in (Rhythm.NOW, Rhythm.ONCE) else None
    repo.change(tx, campaign.id, state=CampaignStanding.RUNNING.value, occurrences=number, next_at=following)
    return told


def audience_of(ws: Workspace, draft: CampaignDraft) -> BitMap:
    """Who it is for at this moment; an audience that is gone holds nobody."""
    return booking.audience(ws, draft.audience_id, draft.excluded_ids)


def draw(ws: Workspace, tx: Tx, campaign: Campaign, audience: BitMap, number: int, now: dt.datetime, *, notes: bool = True) -> Drawn:
    """Who is left alone and who gets which variant; control and treatment are noted at one moment (E04)."""
    draft = campaign.draft
    if draft.slots:
        chosen = _slotted(ws, draft, audience, f"{campaign.id}:{number}")
        return Drawn(audience, BitMap(), tuple(chosen))
    if draft.purpose is Purpose.MARKETING and notes:
        split = exposing.decide(ws, tx, origin_kind="campaign", origin_id=campaign.id, members=audience, at=now)
        return Drawn(audience, split.held, split.arms)
    return Drawn(audience, BitMap(), _by_weight(draft, audience, campaign.id))


def ask_of(campaign: Campaign, variant: Variant, place: int, number: int, now: dt.datetime) -> Ask:
    """What is asked of the planner for a variant. Variants share a scope, so that nobody gets two of them; slots do not."""
    draft = campaign.draft
    scope = f"{campaign.id}:{number}" + (f":{place}" if draft.slots else "")
    senders = tuple(Choice(choice) for choice in variant.senders or draft.senders)
    return Ask(
        origin=Origin(OriginKind.CAMPAIGN, campaign.id, campaign.version, variant.name[:40]),
        scope=scope,
        content_id="" if draft.channel in SILENT else variant.content_id,
        channel=Channel(draft.channel),
        account_id=draft.account_id,
        purpose=draft.purpose,
        tags=frozenset(draft.tags),
        priority=draft.priority,
        expires_at=_expiry(draft, now),
        senders=senders,
        is_held_out_checked=not draft.slots,
    )


def _expiry(draft: CampaignDraft, now: dt.datetime) -> dt.datetime:
    # Whoever's own time is a day away has the same span as everybody else.
    spread = dt.timedelta(hours=0 if draft.schedule.timing is Timing.WORKSPACE else 38)
    return now + dt.timedelta(hours=draft.expires_hours) + spread


def _plan(
    ws: Workspace, tx: Tx, draft: CampaignDraft, variant: Variant, ask: Ask, members: BitMap, now: dt.datetime
) -> tuple[int, int, dict[str, int]]:
    """Asks for those whose time is now and books the others; gives how many went, wait, and were dropped by reason."""
    parts, skipped = timing.parts(ws, tx, draft, variant, members, now, campaigns.zone_of(ws))
    going = BitMap().union(*(here for at, here in parts if at <= now))
    later = [(at, here) for at, here in parts if at > now]
    held = len(touching.book(ws, tx, ask, later, now)) if later else 0
    reasons: dict[str, int] = {}
    planned = 0
    if going:
        asked = touching.ask(ws, tx, ask, going, now)
        planned, held = len(asked.planned), held + sum(len(here) for _, here in asked.held)
        reasons = {reason: len(dropped) for reason, dropped in asked.dropped.items()}
    if skipped:
        batches.drop(tx, touching.template(ask, now), {Why.STALE.value: skipped}, now)
        reasons[Why.STALE.value] = reasons.get(Why.STALE.value, 0) + len(skipped)
    return planned, held, reasons


def _slotted(ws: Workspace, draft: CampaignDraft, audience: BitMap, salt: str) -> list[BitMap]:
    """Each member gets the contents that are worth most to them, at most `slots`."""
    contents = [
        slots.Content(
            str(place),
            tuple(
                slots.Tier(booking.audience(ws, worth.audience_id) if worth.audience_id else audience, worth.value)
                for worth in variant.worths
            )
            or (slots.Tier(audience, max(1, variant.weight)),),
            audience,
        )
        for place, variant in enumerate(draft.variants)
    ]
    chosen = slots.best(contents, draft.slots, salt=salt)
    return [chosen.given[str(place)] & audience for place in range(len(draft.variants))]


def _by_weight(draft: CampaignDraft, audience: BitMap, salt: str) -> tuple[BitMap, ...]:
    if len(draft.variants) == 1:
        return (audience,)
    column = to_column(audience)
    found = assigned(Arms(f"{salt}:arms", tuple(variant.weight for variant in draft.variants)), column)
    return tuple(from_column(column[found == place]) for place in range(len(draft.variants)))


def _finish(ws: Workspace) -> int:
    """Campaigns with nothing ahead and nothing on its way are done; those of which something is wrong stay as they are."""
    with ws.sql.read() as tx:
        running = repo.in_states(tx, [CampaignStanding.RUNNING.value])
        ended = [row for row in running if row["next_at"] is None and row["occurrences"]]
        can = carrier().capabilities(ws) if ended else {}
        done = [row["id"] for row in ended if not _is_open(tx, row["id"], can.get(Channel(row["content"]["channel"])))]
    for campaign_id in done:
        with ws.sql.write() as tx:
            campaign = campaigns.found(tx, campaign_id, locks=True)
            if campaign.state is CampaignStanding.RUNNING and campaign.next_at is None:
                repo.change(tx, campaign_id, state=CampaignStanding.DONE.value)
                campaigns.end_experiment(ws, tx, campaign_id, SYSTEM, ws.clock.now())
    return len(done)


def _is_open(tx: Tx, campaign_id: str, can: Capabilities | None) -> bool:
    """Whether anything is planned, on its way, or waits for staff to confirm."""
    waits = can is not None and can.is_confirmed_by_staff
    return bool(batches.open_of(tx, OriginKind.CAMPAIGN, campaign_id)) or ledger.has_open(tx, "campaign", campaign_id, followed=waits)
