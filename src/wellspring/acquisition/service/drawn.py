"""Draws as operators make them: drafted, published with the seed's hash, ended with the seed, awards handed over."""

import datetime as dt
import secrets

from wellspring.acquisition.contracts.item_codes import Award, Draw, DrawDraft, DrawState, Prize, PrizeDraft, PrizeKind
from wellspring.acquisition.errors import item_codes as errors
from wellspring.acquisition.repo import draws, item_codes
from wellspring.acquisition.rules import draws as rules
from wellspring.acquisition.rules.item_codes import printed
from wellspring.acquisition.service import packages
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_CONTEXT = "acquisition.draw_seed"


def write(ws: Workspace, *, by: Principal, batch_id: str, draft: DrawDraft) -> str:
    """Drafts the draw of a batch, or drafts it anew; gives its id. Raises DrawFixed once it is published, and what is wrong with it."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        batch = packages.known(tx, batch_id)
        _demand_sound(draft, batch.codes)
        there = draws.of_batch(tx, batch_id)
        if there is not None and there.state != DrawState.DRAFT:
            raise errors.DrawFixed
        draw_id = str(there.id) if there else new_id("draw")
        seed = secrets.token_bytes(rules.SEED_BYTES)
        values = {
            "name": draft.name,
            "rules": draft.rules,
            "tickets": batch.codes,
            "budget_minor": draft.budget_minor,
            "starts_at": draft.starts_at,
            "ends_at": draft.ends_at,
            "sealed_seed": ws.keys.seal_bytes(seed, context=_CONTEXT),
            "seed_hash": rules.commitment(seed),
        }
        if there is None:
            draws.add(tx, id=draw_id, batch_id=batch_id, state=str(DrawState.DRAFT), created_at=now, spent_minor=0, drawn=0, **values)
        else:
            draws.change(tx, draw_id, **values)
        draws.replace_prizes(tx, draw_id, [_prize_row(place, one) for place, one in enumerate(draft.prizes)])
        audit.append(ws.sql, tx, by=by, action="acquisition.draw_draft", subject=draw_id, at=now, detail={"batch": batch_id})
    return draw_id


def publish(ws: Workspace, *, by: Principal, draw_id: str) -> None:
    """Makes a draw public: from here on nothing of it changes. Raises DrawUnknown, DrawFixed."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        row = known(tx, draw_id, for_change=True)
        if row.state != DrawState.DRAFT:
            raise errors.DrawFixed
        draws.change(tx, draw_id, state=str(DrawState.PUBLISHED), published_at=now)
        detail = {"seed_hash": row.seed_hash, "budget_minor": row.budget_minor}
        audit.append(ws.sql, tx, by=by, action="acquisition.draw_publish", subject=draw_id, at=now, detail=detail)


def end(ws: Workspace, *, by: Principal, draw_id: str) -> None:
    """Shows the seed of a draw whose time is over. Raises DrawRunning before, DrawUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        row = known(tx, draw_id, for_change=True)
        if row.state == DrawState.DRAFT or (row.state == DrawState.PUBLISHED and now < row.ends_at):
            raise errors.DrawRunning
        if row.state == DrawState.PUBLISHED:
            draws.change(tx, draw_id, state=str(DrawState.ENDED), revealed_at=now)
            audit.append(ws.sql, tx, by=by, action="acquisition.draw_end", subject=draw_id, at=now)


def one(ws: Workspace, draw_id: str) -> Draw:
    """A draw. Raises DrawUnknown."""
    with ws.sql.read() as tx:
        return shown(ws, tx, known(tx, draw_id))


def awards(
    ws: Workspace, *, by: Principal, draw_id: str, is_waiting: bool = False, cursor: str | None = None, limit: int | None = None
) -> Page[Award]:
    """What was won, the latest first; only what waits to be handed over when so asked. Raises DrawUnknown."""
    size, after = limit_of(limit), None
    if cursor is not None:
        at, serial = decode_cursor(cursor, length=2)
        after = (from_millis(int(at or 0)), int(serial or 0))
    with ws.sql.read() as tx:
        batch = packages.known(tx, known(tx, draw_id).batch_id)
        found = draws.awards(tx, batch.no, after=after, limit=size + 1, is_waiting=is_waiting)
    maker, rows = packages.maker_of(ws, batch), found[:size]
    members = people.members_of(ws, by=by, member_nos=[row.member_no for row in rows if row.member_no])
    shown_rows = [
        Award(
            code=printed(maker.code(row.serial)),
            ticket=row.serial,
            prize=row.prize,
            kind=PrizeKind(row.kind),
            value_minor=row.value_minor,
            drawn_at=row.drawn_at,
            member_id=members[row.member_no].id if row.member_no in members else None,
            handed_at=row.handed_at,
            handed_by=row.handed_by,
        )
        for row in rows
    ]
    more = encode_cursor([to_millis(rows[-1].drawn_at), rows[-1].serial]) if len(found) > size else None
    return Page(shown_rows, more)


def hand_over(ws: Workspace, *, by: Principal, draw_id: str, ticket: int) -> None:
    """Notes that a prize was given out, once. Raises PrizeNotWon, DrawUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        batch = packages.known(tx, known(tx, draw_id).batch_id)
        if not item_codes.hand_over(tx, batch.no, ticket, by=by.name[:64], at=now):
            raise errors.PrizeNotWon
        audit.append(ws.sql, tx, by=by, action="acquisition.prize_handed", subject=draw_id, at=now, detail={"ticket": ticket})


def known(tx: Tx, draw_id: str, *, for_change: bool = False) -> draws.Row:
    """The row of a draw. Raises DrawUnknown."""
    found = draws.find(tx, draw_id, for_change=for_change)
    if found is None:
        raise errors.DrawUnknown
    return found


def is_open(row: draws.Row, now: dt.datetime) -> bool:
    """Whether tickets are drawn at this instant."""
    return bool(row.state == DrawState.PUBLISHED and row.starts_at <= now < row.ends_at)


def seed_of(ws: Workspace, row: draws.Row) -> bytes:
    """The secret seed of a draw."""
    return ws.keys.open_bytes(row.sealed_seed, context=_CONTEXT)


def shown(ws: Workspace, tx: Tx, row: draws.Row) -> Draw:
    """A draw as everyone may see it: with its seed only when it is over."""
    prizes = [Prize(one.id, one.name, PrizeKind(one.kind), one.pieces, one.value_minor, one.won) for one in draws.prizes(tx, row.id)]
    return Draw(
        id=row.id,
        batch_id=row.batch_id,
        name=row.name,
        rules=row.rules,
        tickets=row.tickets,
        budget_minor=row.budget_minor,
        spent_minor=row.spent_minor,
        drawn=row.drawn,
        state=DrawState(row.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        seed_hash=row.seed_hash,
        published_at=row.published_at,
        seed=seed_of(ws, row).hex() if row.state == DrawState.ENDED else None,
        prizes=prizes,
    )


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """What must hold of every draw: counters within their limits and equal to what the codes add up to."""
    with ws.sql.read() as tx:
        rows = draws.accounts(tx)
    is_within = all(0 <= row.spent_minor <= row.budget_minor for row in rows)
    is_equal = all(row.spent_minor == row.codes_minor and row.drawn == row.codes_drawn for row in rows)
    return [
        ("acquisition.draw_budget", is_within, "抽奖支出不超过预算", "No draw has cost more than its budget"),
        ("acquisition.draw_accounts", is_equal, "抽奖计数与中奖码一致", "The counters of draws equal what their codes won"),
    ]


def _prize_row(place: int, one: PrizeDraft) -> dict[str, object]:
    kept = {"name": one.name, "kind": str(one.kind), "pieces": one.count, "value_minor": one.value_minor}
    return {"id": new_id("prize"), "position": place, "won": 0, **kept}


def _demand_sound(draft: DrawDraft, tickets: int) -> None:
    if not draft.prizes or draft.ends_at <= draft.starts_at:
        raise errors.DrawEmpty
    cost, count = rules.cost_minor(draft.prizes), sum(one.count for one in draft.prizes)
    if cost > draft.budget_minor:
        raise errors.DrawOverBudget(cost_minor=cost, budget_minor=draft.budget_minor)
    if count > tickets:
        raise errors.DrawTooManyPrizes(prizes=count, tickets=tickets)
