"""Rows of corp tags, of what was last agreed on, of whose comparison is due, and of what a person has to decide."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.contacts import contact_table, relation_table
from wellspring.channels.models.tags import tag_difference_table, tag_group_table, tag_seen_table, tag_table, tag_turn_table
from wellspring.kernel.stores import Instant, Tx

Row = sa.Row[Any]
_group = tag_group_table.c
_tag = tag_table.c
_difference = tag_difference_table.c
_seen = tag_seen_table.c
_turn = tag_turn_table.c
_contact = contact_table.c
_relation = relation_table.c
_LEASE = dt.timedelta(minutes=2)
_STEP = 500


def groups(tx: Tx, account_id: str) -> list[Row]:
    """The groups of a corp, by name."""
    return list(tx.execute(sa.select(tag_group_table).where(_group.account_id == account_id).order_by(_group.name, _group.group_id)))


def group(tx: Tx, group_id: str) -> Row | None:
    """A group by its id alone."""
    return tx.execute(sa.select(tag_group_table).where(_group.group_id == group_id)).first()


def tags(tx: Tx, account_id: str) -> list[Row]:
    """The tags of a corp, by name."""
    return list(tx.execute(sa.select(tag_table).where(_tag.account_id == account_id).order_by(_tag.name, _tag.tag_id)))


def put_group(tx: Tx, account_id: str, group_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a group's row."""
    mine = sa.and_(_group.account_id == account_id, _group.group_id == group_id)
    if not tx.execute(sa.update(tag_group_table).where(mine).values(**values)).rowcount:
        tx.execute(sa.insert(tag_group_table).values(account_id=account_id, group_id=group_id, **values))


def put_tag(tx: Tx, account_id: str, tag_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a tag's row."""
    mine = sa.and_(_tag.account_id == account_id, _tag.tag_id == tag_id)
    if not tx.execute(sa.update(tag_table).where(mine).values(**values)).rowcount:
        tx.execute(sa.insert(tag_table).values(account_id=account_id, tag_id=tag_id, **values))


def has_links(tx: Tx) -> bool:
    """Whether any group is linked."""
    return tx.execute(sa.select(_group.group_id).where(_group.is_linked, _group.our_group_id.is_not(None)).limit(1)).first() is not None


def linked(tx: Tx, account_id: str | None = None, our_tag_ids: Collection[str] | None = None) -> list[Row]:
    """Tags that are somebody's of ours in a linked group, neither gone, with the side that wins."""
    joined = tag_table.join(tag_group_table, sa.and_(_group.account_id == _tag.account_id, _group.group_id == _tag.group_id))
    mine = sa.and_(_group.is_linked, _tag.is_gone.is_(False), _tag.our_tag_id.is_not(None))
    if account_id is not None:
        mine = sa.and_(mine, _tag.account_id == account_id)
    if our_tag_ids is not None:
        mine = sa.and_(mine, _tag.our_tag_id.in_(list(our_tag_ids)))
    return list(tx.execute(sa.select(_tag.account_id, _tag.tag_id, _tag.our_tag_id, _group.winner).select_from(joined).where(mine)))


# ------------------------------------------------------------------------------------------ differences


def add_difference(tx: Tx, row: dict[str, Any]) -> bool:
    """Keeps something to decide; False when the same is open already."""
    mine = sa.and_(
        _difference.account_id == row["account_id"],
        _difference.kind == row["kind"],
        _difference.tag_id == row["tag_id"],
        _difference.decided_at.is_(None),
    )
    if tx.execute(sa.select(_difference.id).where(mine)).first() is not None:
        return False
    tx.execute(sa.insert(tag_difference_table).values(**row))
    return True


def difference(tx: Tx, difference_id: str) -> Row | None:
    """One thing to decide."""
    return tx.execute(sa.select(tag_difference_table).where(_difference.id == difference_id)).first()


def differences(tx: Tx, account_id: str | None, *, is_open: bool, before: str | None, limit: int) -> list[Row]:
    """What has to be decided (or was), the newest first."""
    wanted = sa.select(tag_difference_table).order_by(_difference.id.desc()).limit(limit)
    wanted = wanted.where(_difference.decided_at.is_(None) if is_open else _difference.decided_at.is_not(None))
    if account_id is not None:
        wanted = wanted.where(_difference.account_id == account_id)
    if before is not None:
        wanted = wanted.where(_difference.id < before)
    return list(tx.execute(wanted))


def open_counts(tx: Tx, account_id: str) -> dict[str, int]:
    """How many things of each group have to be decided."""
    mine = sa.and_(_difference.account_id == account_id, _difference.decided_at.is_(None))
    rows = tx.execute(sa.select(_difference.group_id, sa.func.count().label("many")).where(mine).group_by(_difference.group_id))
    return {row.group_id: row.many for row in rows}


def was_kept_apart(tx: Tx, account_id: str, tag_id: str) -> bool:
    """Whether a person once decided to leave this tag without one of ours."""
    mine = sa.and_(_difference.account_id == account_id, _difference.tag_id == tag_id, _difference.decision == "keep")
    return tx.execute(sa.select(_difference.id).where(mine).limit(1)).first() is not None


def decide(tx: Tx, difference_id: str, **values: Any) -> int:  # noqa: ANN401 - column values
    """Writes a decision, once."""
    mine = sa.and_(_difference.id == difference_id, _difference.decided_at.is_(None))
    return int(tx.execute(sa.update(tag_difference_table).where(mine).values(**values)).rowcount)


# ------------------------------------------------------------------------------------------------ turns


def want(tx: Tx, account_id: str, external_userids: Collection[str], *, at: dt.datetime) -> None:
    """Notes that these customers have to be compared."""
    listed = sorted(set(external_userids))
    for start in range(0, len(listed), _STEP):
        some = listed[start : start + _STEP]
        mine = sa.and_(_turn.account_id == account_id, _turn.external_userid.in_(some))
        known = set(tx.execute(sa.select(_turn.external_userid).where(mine)).scalars())
        again = {"wanted_no": _turn.wanted_no + 1, "due_at": at, "attempts": 0}
        tx.execute(sa.update(tag_turn_table).where(mine).values(**again))
        blank = {"account_id": account_id, "wanted_no": 1, "due_at": at, "attempts": 0}
        fresh = [blank | {"external_userid": one} for one in some if one not in known]
        if fresh:
            tx.execute(sa.insert(tag_turn_table), fresh)


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[Row]:
    """Customers whose comparison is due."""
    free = sa.or_(_turn.lease_until.is_(None), _turn.lease_until <= now)
    mine = sa.and_(_turn.due_at.is_not(None), _turn.due_at <= now, free)
    return list(tx.execute(sa.select(tag_turn_table).where(mine).order_by(_turn.due_at).limit(limit)))


def lease(tx: Tx, account_id: str, external_userid: str, now: dt.datetime) -> Row | None:
    """Takes a customer for one comparison; None while somebody else is at it."""
    mine = sa.and_(_turn.account_id == account_id, _turn.external_userid == external_userid)
    found = tx.execute(sa.select(tag_turn_table).where(mine).with_for_update()).first()
    if found is None or found.due_at is None or (found.lease_until is not None and found.lease_until > now):
        return None
    tx.execute(sa.update(tag_turn_table).where(mine).values(lease_token=secrets.token_hex(16), lease_until=now + _LEASE))
    return tx.execute(sa.select(tag_turn_table).where(mine)).one()


def settle(tx: Tx, leased: Row, *, due_at: dt.datetime | None, **values: Any) -> None:  # noqa: ANN401 - column values
    """Ends a comparison; the customer stays due while a newer word came."""
    mine = sa.and_(
        _turn.account_id == leased.account_id, _turn.external_userid == leased.external_userid, _turn.lease_token == leased.lease_token
    )
    following = sa.case((_turn.wanted_no > leased.wanted_no, _turn.due_at), else_=sa.literal(due_at, Instant))
    tx.execute(sa.update(tag_turn_table).where(mine).values(lease_token=None, lease_until=None, due_at=following, **values))


def backlog(tx: Tx, account_id: str) -> tuple[int, int]:
    """How many customers wait to be compared, and of how many the last comparison failed."""
    mine = sa.and_(_turn.account_id == account_id, _turn.due_at.is_not(None))
    waiting = tx.execute(sa.select(sa.func.count()).select_from(tag_turn_table).where(mine)).scalar_one()
    failing = tx.execute(sa.select(sa.func.count()).select_from(tag_turn_table).where(mine, _turn.error_code.is_not(None))).scalar_one()
    return waiting, failing


# ----------------------------------------------------------------------------------- customers and tags


def contact_no(tx: Tx, account_id: str, external_userid: str) -> int:
    """The number that the contact was given, 0 for nobody known."""
    mine = sa.and_(_contact.account_id == account_id, _contact.external_userid == external_userid)
    return tx.execute(sa.select(_contact.member_no).where(mine)).scalar() or 0


def contacts_of(tx: Tx, account_id: str, numbers: Collection[int]) -> list[str]:
    """The contacts that were given these numbers."""
    found: list[str] = []
    listed = sorted(numbers)
    for start in range(0, len(listed), _STEP):
        mine = sa.and_(_contact.account_id == account_id, _contact.member_no.in_(listed[start : start + _STEP]))
        found += tx.execute(sa.select(_contact.external_userid).where(mine)).scalars()
    return found


def contacts_after(tx: Tx, account_id: str, after: str, *, limit: int) -> list[str]:
    """Contacts of a corp in order of their ids, for a walk through all."""
    mine = sa.and_(_contact.account_id == account_id, _contact.external_userid > after)
    return list(tx.execute(sa.select(_contact.external_userid).where(mine).order_by(_contact.external_userid).limit(limit)).scalars())


def relations(tx: Tx, account_id: str, external_userid: str) -> list[Row]:
    """A contact's relations with the tags that were there when the platform last told."""
    mine = sa.and_(_relation.account_id == account_id, _relation.external_userid == external_userid)
    return list(tx.execute(sa.select(_relation.userid, _relation.state, _relation.is_followed, _relation.tag_ids).where(mine)))


def set_tags(tx: Tx, account_id: str, external_userid: str, userid: str, tag_ids: Sequence[str]) -> None:
    """Notes the tags of a relation after a call of ours changed them: the platform tells nobody its own doing."""
    mine = sa.and_(_relation.account_id == account_id, _relation.external_userid == external_userid, _relation.userid == userid)
    tx.execute(sa.update(relation_table).where(mine).values(tag_ids=list(tag_ids)))
    # Whoever asked for the contact before this call would write the old tags back: their answer is dropped, and asked for again.
    theirs = sa.and_(_contact.account_id == account_id, _contact.external_userid == external_userid)
    tx.execute(sa.update(contact_table).where(theirs).values(taken_no=_contact.taken_no + 1))


def seen(tx: Tx, account_id: str, external_userid: str) -> dict[str, set[str]]:
    """What was last agreed on of a customer: tags by member of staff, those of the person here under the empty one."""
    mine = sa.and_(_seen.account_id == account_id, _seen.external_userid == external_userid)
    found: dict[str, set[str]] = {}
    for row in tx.execute(sa.select(_seen.userid, _seen.tag_id).where(mine)):
        found.setdefault(row.userid, set()).add(row.tag_id)
    return found


def set_seen(tx: Tx, account_id: str, external_userid: str, now: Mapping[str, Collection[str]], before: Mapping[str, set[str]]) -> None:
    """Writes what is agreed on now, where that is different."""
    mine = sa.and_(_seen.account_id == account_id, _seen.external_userid == external_userid)
    for userid in {*now, *before}:
        new, old = set(now.get(userid, ())), before.get(userid, set())
        if gone := old - new:
            tx.execute(sa.delete(tag_seen_table).where(mine, _seen.userid == userid, _seen.tag_id.in_(sorted(gone))))
        if came := new - old:
            base = {"account_id": account_id, "external_userid": external_userid, "userid": userid}
            tx.execute(sa.insert(tag_seen_table), [base | {"tag_id": tag_id} for tag_id in sorted(came)])


def forget_tag(tx: Tx, account_id: str, tag_id: str) -> None:
    """Forgets what was agreed on of a tag, as if both sides met for the first time."""
    tx.execute(sa.delete(tag_seen_table).where(_seen.account_id == account_id, _seen.tag_id == tag_id))
