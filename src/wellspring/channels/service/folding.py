"""One change of one relation, taken into what is known: in one transaction with its history, its event and its callback.

Only the relation that the callback names is changed: what the truth says of others is told by their own callbacks, or
found by the nightly walk. So any order and any number of callbacks ends in the same state.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from wellspring.channels import events
from wellspring.channels.adapters.wecom.contacts import Follow, Truth
from wellspring.channels.contracts import Account, Loss
from wellspring.channels.repo import contacts as rows
from wellspring.channels.rules import histories, relations
from wellspring.channels.rules.histories import Known
from wellspring.channels.rules.relations import Marks
from wellspring.channels.service import naming, shaping
from wellspring.kernel import bus, failpoints
from wellspring.kernel.clock import SystemClock, iso, to_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

EDITED = "edited"
_MARKS = {"added": "added_at", "half": "half_at", "lost": "lost_at", "deleted": "deleted_at", "transferred": "transferred_at"}
_LOSSES = {"lost": Loss.CUSTOMER_DELETED, "deleted": Loss.STAFF_DELETED, "transferred": Loss.TRANSFERRED}
_real = SystemClock()


class Happened(NamedTuple):
    """What a callback says: a verb of the history or `edited`, of whom, when, and with which state of a channel."""

    verb: str
    external_userid: str
    userid: str
    at: dt.datetime
    state: str = ""


class Folded(NamedTuple):
    """The outcome: whose it is, and whether the corp had known the contact before."""

    member_no: int
    staff_id: str | None
    is_returning: bool
    add_way: int


# What else belongs into the transaction: the end of the callback, a planned welcome.
Finish = Callable[[Tx, Folded | None], None]


def fold(ws: Workspace, account: Account, happened: Happened, truth: Truth | None, *, asked_at_no: int, finish: Finish) -> bool:
    """Takes the change in; False when another truth was taken since this one was asked for, and nothing was written."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.contact.{account.id}.{happened.external_userid}")
        contact = rows.contact(tx, account.id, happened.external_userid)
        if truth is not None and contact is not None and contact["taken_no"] != asked_at_no:
            return False
        finish(tx, _Fold(ws, tx, account, happened, truth, contact).run())
        failpoints.hit("channels.fold.before_commit")
    failpoints.hit("channels.fold.committed")
    return True


class _Fold:
    """The parts of one fold, which share what they have read."""

    def __init__(self, ws: Workspace, tx: Tx, account: Account, happened: Happened, truth: Truth | None, contact: rows.Row | None) -> None:
        self._ws = ws
        self._tx = tx
        self._account = account
        self._happened = happened
        self._truth = truth
        self._contact = contact
        self._now = ws.clock.now()
        self._key = (account.id, happened.external_userid, happened.userid)
        self._relation = rows.relation(tx, *self._key)
        self._history = [Known(row["id"], row["verb"], row["at"], row["is_found"]) for row in rows.changes(tx, self._key)]

    def run(self) -> Folded | None:
        """Writes everything; None for somebody who was erased and is not to be known again."""
        owner = self._owner()
        if not owner:
            return None
        staff_id = naming.staff_ids(self._ws, self._tx, self._account.id, [self._happened.userid])[self._happened.userid]
        changed = self._put_relation()
        first = rows.first_at(self._contact)
        folded = Folded(owner, staff_id, first is not None and first < self._happened.at - histories.NEAR, self._add_way())
        self._put_contact(owner)
        self._put_change(folded)
        if self._happened.verb == EDITED and changed:
            self._tell(events.ContactChanged(self._account.id, self._happened.external_userid, owner, [self._happened.userid]))
        return folded

    def _follow(self) -> Follow | None:
        return self._truth.follows.get(self._happened.userid) if self._truth is not None else None

    def _add_way(self) -> int:
        follow = self._follow()
        return follow.add_way if follow is not None else self._relation["add_way"] if self._relation is not None else 0

    def _owner(self) -> int:
        """The owner's number; One-ID is asked only where there is news for it."""
        person = self._truth.person if self._truth is not None else None
        follow = self._follow()
        known = self._contact
        mobiles = follow.mobiles if follow is not None else ()
        mark = self._relation["notes_mark"] if self._relation is not None else None
        has_news = known is None or not known["member_no"] or (person is not None and person.unionid != known["unionid"])
        if follow is not None and mobiles and shaping.notes_mark(self._ws, follow) != mark:
            has_news = True
        is_named = person is not None and (known is None or self._name_of(known) != person.name)
        if not has_news and not is_named and known is not None:
            return int(known["member_no"])
        claim = naming.claim(self._happened.external_userid, person, mobiles, at=self._happened.at, is_named=is_named)
        return naming.owners(self._ws, [claim])[0]

    def _name_of(self, contact: rows.Row) -> str:
        return self._ws.keys.open(contact["name"], context=shaping.NAME_CONTEXT) if contact["name"] is not None else ""

    def _marks(self) -> Marks:
        happened, marks = self._happened, shaping.marks_of(self._relation)
        name = _MARKS.get(happened.verb)
        if name is not None:
            marks = Marks(**{**marks._asdict(), name: relations.latest(getattr(marks, name), happened.at)})
        if self._truth is not None:
            follow = self._follow()
            return marks._replace(is_followed=follow is not None, created_at=follow.created_at if follow else marks.created_at)
        # Without a truth the events alone speak, until one is fetched; that a contact left says nothing of the staff's side.
        return marks if happened.verb == "lost" else marks._replace(is_followed=None)

    def _put_relation(self) -> bool:
        """Writes the relation; gives whether notes or tags changed."""
        old, happened, follow = self._relation, self._happened, self._follow()
        marks = self._marks()
        standing = relations.standing(marks)
        columns = shaping.standing_columns(marks, standing, ended_before=old["ended_at"] if old else None, now=self._now)
        if happened.verb in histories.JOINS and happened.at == relations.latest(marks.added_at, marks.half_at):
            columns["state_text"] = happened.state
        if follow is not None:
            columns |= shaping.follow_columns(self._ws, follow, old["notes_mark"] if old else None)
            if happened.verb not in histories.JOINS and follow.created_at and histories.needs_join(self._history, follow.created_at):
                # The event of the beginning may still come; if not, the next walk takes the relation for a changed one and tells it.
                columns["notes_mark"] = None
        if old is None:
            columns = {"tag_ids": [], **columns}
        rows.put_relation(self._tx, self._key, columns, is_new=old is None)
        return old is not None and ("notes" in columns or columns.get("tag_ids", old["tag_ids"]) != old["tag_ids"])

    def _put_contact(self, owner: int) -> None:
        known, truth, happened = self._contact, self._truth, self._happened
        columns: dict[str, Any] = {"member_no": owner, "changed_at": self._now}
        if truth is not None:
            columns |= shaping.person_columns(self._ws, truth.person) if truth.person is not None else {}
            columns["taken_no"] = (known["taken_no"] if known else 0) + 1
            columns["taken_real"] = to_millis(_real.now()) * 1000
            columns["fetched_at"] = self._now
        if happened.verb in histories.JOINS:
            columns["first_added_at"] = min(one for one in (happened.at, rows.first_at(known)) if one is not None)
            columns["last_added_at"] = relations.latest(happened.at, known["last_added_at"] if known else None)
        columns["is_following"] = rows.is_followed(self._tx, self._account.id, happened.external_userid)
        rows.put_contact(self._tx, self._account.id, happened.external_userid, columns, is_new=known is None)

    def _put_change(self, folded: Folded) -> None:
        happened = self._happened
        if happened.verb == EDITED:
            return
        follow = self._follow()
        fits = histories.fresh(self._history, happened.verb, happened.at, created_at=follow.created_at if follow is not None else None)
        if fits.adopts is not None:
            rows.adopt_change(self._tx, fits.adopts, verb=happened.verb, at=happened.at)
        if not fits.is_new:
            return
        is_end = happened.verb in histories.ENDS
        created_at = self._relation["created_at"] if self._relation is not None else None
        days = histories.days_before(self._history, happened.at, created_at) if is_end else None
        account_id, external_userid, userid = self._key
        row = {
            "account_id": account_id,
            "external_userid": external_userid,
            "userid": userid,
            "verb": happened.verb,
            "at": happened.at,
            "is_found": False,
            "state_text": happened.state,
            "add_way": folded.add_way,
            "member_no": folded.member_no,
            "days": days,
            "recorded_at": self._now,
        }
        rows.add_change(self._tx, row)
        if is_end:
            self._tell(self._lost(folded, days))
        elif happened.verb in histories.JOINS:
            self._tell(self._added(folded))

    def _added(self, folded: Folded) -> events.ContactAdded:
        member_no, member_id = naming.member_id(self._ws, folded.member_no)
        happened = self._happened
        return events.ContactAdded(
            account_id=self._account.id,
            external_userid=happened.external_userid,
            userid=happened.userid,
            staff_id=folded.staff_id,
            member_no=member_no,
            member_id=member_id,
            state=happened.state,
            add_way=folded.add_way,
            at=iso(happened.at),
            is_returning=folded.is_returning,
            is_half=happened.verb == "half",
            is_historical=False,
        )

    def _lost(self, folded: Folded, days: int | None) -> events.ContactLost:
        member_no, member_id = naming.member_id(self._ws, folded.member_no)
        happened = self._happened
        return events.ContactLost(
            account_id=self._account.id,
            external_userid=happened.external_userid,
            userid=happened.userid,
            staff_id=folded.staff_id,
            member_no=member_no,
            member_id=member_id,
            state=self._relation["state_text"] if self._relation is not None else "",
            reason=_LOSSES[happened.verb],
            at=iso(happened.at),
            days=days,
        )

    def _tell(self, event: bus.Event) -> None:
        bus.tell(self._ws.sql, self._tx, event, at=self._now)
