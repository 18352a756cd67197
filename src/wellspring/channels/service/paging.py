"""A page of up to 100 contacts with one follower each, taken in as sets in one short transaction.

A welcome must get its turn at the store between two pages, so a page is all that one transaction holds. Contacts whose
own truth was taken while the page was under way are left out and asked for one by one: theirs is the newer word.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from wellspring.channels import events
from wellspring.channels.adapters.wecom.contacts import Follow, Person
from wellspring.channels.contracts import Account
from wellspring.channels.repo import contacts as rows
from wellspring.channels.repo import syncs
from wellspring.channels.rules import histories, relations
from wellspring.channels.rules.histories import Known
from wellspring.channels.service import naming, shaping, telling
from wellspring.kernel import bus, failpoints, pumps
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Clocks of two machines may differ by so much.
_SKEW_MICROS = 2_000_000
# A contact of before the account was connected is history; one of afterwards is a callback that never came.
_HISTORY = dt.timedelta(days=1)

Pair = tuple[Person, Follow]


class Taken(NamedTuple):
    """How many relations changed, and the contacts that are to be asked for by themselves."""

    changed: int
    ask_again: list[str]


class Place(NamedTuple):
    """Where a run is: its part of the staff, and the cursor after this page."""

    sync_id: str
    number: int
    cursor: str
    is_done: bool


def take(ws: Workspace, account: Account, pairs: Sequence[Pair], place: Place, *, asked_real: int) -> Taken:
    """Takes a page in together with the place after it."""
    with ws.sql.write() as tx:
        taken = _Page(ws, tx, account, pairs, place.sync_id, asked_real).run()
        syncs.move_place(tx, place.sync_id, place.number, cursor=place.cursor, is_done=place.is_done)
        syncs.count(tx, place.sync_id, contacts=len(pairs), changed=taken.changed)
        failpoints.hit("channels.sync.before_commit")
        if taken.changed:
            ws.sql.after_commit(lambda: pumps.wake(telling.PUMP))
    failpoints.hit("channels.sync.committed")
    return taken


def take_pairs(ws: Workspace, tx: Tx, account: Account, pairs: Sequence[Pair], sync_id: str) -> int:
    """Takes one contact's followers in, within the caller's transaction and under its lock; gives how many changed."""
    return _Page(ws, tx, account, pairs, sync_id, None).run().changed


class _Page:
    """The parts of one page, which share what they have read."""

    def __init__(self, ws: Workspace, tx: Tx, account: Account, pairs: Sequence[Pair], sync_id: str, asked_real: int | None) -> None:
        self._ws = ws
        self._tx = tx
        self._account = account
        self._sync_id = sync_id
        self._now = ws.clock.now()
        ids = [person.external_userid for person, _ in pairs]
        if not ws.sql.is_sqlite:
            # In order of id: two pages with the same contacts then wait for each other instead of both for ever.
            for external_userid in sorted(set(ids)):
                ws.sql.lock(tx, f"channels.contact.{account.id}.{external_userid}")
        self._contacts = rows.contacts(tx, account.id, set(ids))
        newer = set()
        if asked_real is not None:
            newer = {key for key, row in self._contacts.items() if row["taken_real"] > asked_real - _SKEW_MICROS}
        self.ask_again = sorted(newer)
        # One page names a pair once; should it come twice, the last word counts.
        self._pairs = {(person.external_userid, follow.userid): (person, follow) for person, follow in pairs}
        self._pairs = {key: pair for key, pair in self._pairs.items() if key[0] not in newer and key[1]}
        self._known = syncs.relations_of_pairs(tx, account.id, self._pairs.keys())

    def run(self) -> Taken:
        """Writes what changed and notes the rest as seen."""
        changed = {key: pair for key, pair in self._pairs.items() if not self._is_same(key, *pair)}
        same = [key for key in self._pairs if key not in changed]
        syncs.see(self._tx, self._account.id, self._sync_id, same)
        if not changed:
            return Taken(0, self.ask_again)
        owners = self._owners(changed)
        changed = {key: pair for key, pair in changed.items() if owners.get(key[0])}
        staff = naming.staff_ids(self._ws, self._tx, self._account.id, {userid for _, userid in changed})
        joined = self._joined(changed)
        self._put_contacts(changed, owners)
        self._put_relations(changed)
        self._put_changes(joined, owners, staff)
        return Taken(len(changed), self.ask_again)

    def _is_same(self, key: syncs.Key, person: Person, follow: Follow) -> bool:
        contact, relation = self._contacts.get(key[0]), self._known.get(key)
        if contact is None or relation is None or not relation["is_followed"]:
            return False
        seen = (relation["created_at"], relation["add_way"], tuple(relation["tag_ids"]), relation["notes_mark"])
        told = (follow.created_at, follow.add_way, follow.tag_ids, shaping.notes_mark(self._ws, follow))
        is_same_state = not follow.state or follow.state == relation["state_text"]
        return seen == told and is_same_state and contact["mark"] == shaping.person_mark(self._ws, person)

    def _owners(self, changed: dict[syncs.Key, Pair]) -> dict[str, int]:
        """Whose each contact is: One-ID is asked once for all who are new or whose names changed."""
        people: dict[str, tuple[Person, list[str], dt.datetime]] = {}
        for (external_userid, _), (person, follow) in changed.items():
            _, mobiles, at = people.get(external_userid, (person, [], follow.created_at or self._now))
            people[external_userid] = (person, [*mobiles, *follow.mobiles], at)
        asked = [
            naming.claim(external_userid, person, mobiles, at=at, is_named=self._is_renamed(external_userid, person))
            for external_userid, (person, mobiles, at) in people.items()
        ]
        return dict(zip(people, naming.owners(self._ws, asked, historical=True), strict=True))

    def _is_renamed(self, external_userid: str, person: Person) -> bool:
        known = self._contacts.get(external_userid)
        return known is None or known["mark"] != shaping.person_mark(self._ws, person)

    def _joined(self, changed: dict[syncs.Key, Pair]) -> dict[syncs.Key, tuple[Follow, bool]]:
        """Relations whose beginning no event told, each with whether the corp had known the contact before."""
        old = {key for key in changed if key in self._known}
        lines = syncs.changes_of_pairs(self._tx, self._account.id, old)
        joined = {}
        for key, (_, follow) in changed.items():
            history = [Known(row["id"], row["verb"], row["at"], row["is_found"]) for row in lines.get(key, [])]
            if follow.created_at is not None and histories.needs_join(history, follow.created_at):
                first = rows.first_at(self._contacts.get(key[0]))
                joined[key] = (follow, first is not None and first < follow.created_at - histories.NEAR)
        return joined

    def _put_contacts(self, changed: dict[syncs.Key, Pair], owners: dict[str, int]) -> None:
        began: dict[str, list[dt.datetime]] = {}
        people: dict[str, Person] = {}
        for (external_userid, _), (person, follow) in changed.items():
            people[external_userid] = person
            began.setdefault(external_userid, []).extend([follow.created_at] if follow.created_at else [])
        new = []
        for external_userid, person in people.items():
            known = self._contacts.get(external_userid)
            instants = began[external_userid]
            columns: dict[str, Any] = {
                "member_no": owners[external_userid],
                "changed_at": self._now,
                "fetched_at": self._now,
                "is_following": True,
                "first_added_at": min([*instants, *([known["first_added_at"]] if known and known["first_added_at"] else [])], default=None),
                "last_added_at": max([*instants, *([known["last_added_at"]] if known and known["last_added_at"] else [])], default=None),
            }
            if known is None:
                named = {"account_id": self._account.id, "external_userid": external_userid}
                new.append({**named, **columns, **shaping.person_columns(self._ws, person)})
            else:
                if self._is_renamed(external_userid, person):
                    columns |= shaping.person_columns(self._ws, person)
                rows.put_contact(self._tx, self._account.id, external_userid, columns, is_new=False)
        syncs.insert_contacts(self._tx, new)

    def _put_relations(self, changed: dict[syncs.Key, Pair]) -> None:
        new = []
        for (external_userid, userid), (_, follow) in changed.items():
            known = self._known.get((external_userid, userid))
            marks = shaping.marks_of(known)._replace(is_followed=True, created_at=follow.created_at)
            ended_before = known["ended_at"] if known else None
            columns = shaping.standing_columns(marks, relations.standing(marks), ended_before=ended_before, now=self._now)
            columns |= shaping.follow_columns(self._ws, follow, known["notes_mark"] if known else None)
            columns["seen_in"] = self._sync_id
            key = (self._account.id, external_userid, userid)
            if known is None:
                named = {"account_id": key[0], "external_userid": key[1], "userid": key[2]}
                new.append({"state_text": "", **named, **columns})
            else:
                rows.put_relation(self._tx, key, columns, is_new=False)
        syncs.insert_relations(self._tx, new)

    def _put_changes(self, joined: dict[syncs.Key, tuple[Follow, bool]], owners: dict[str, int], staff: dict[str, str | None]) -> None:
        lines, told = [], []
        for (external_userid, userid), (follow, is_returning) in joined.items():
            at = follow.created_at
            if at is None:
                continue
            line = {
                "account_id": self._account.id,
                "external_userid": external_userid,
                "userid": userid,
                "verb": "added",
                "at": at,
                "is_found": True,
                "state_text": follow.state,
                "add_way": follow.add_way,
                "member_no": owners[external_userid],
                "recorded_at": self._now,
            }
            lines.append(line)
            if at >= self._account.created_at - _HISTORY:
                told.append(self._added(line, staff.get(userid), is_returning=is_returning))
        syncs.insert_changes(self._tx, lines)
        bus.tell(self._ws.sql, self._tx, *told, at=self._now)

    def _added(self, line: dict[str, Any], staff_id: str | None, *, is_returning: bool) -> events.ContactAdded:
        member_no, member_id = naming.member_id(self._ws, line["member_no"])
        return events.ContactAdded(
            account_id=line["account_id"],
            external_userid=line["external_userid"],
            userid=line["userid"],
            staff_id=staff_id,
            member_no=member_no,
            member_id=member_id,
            state=line["state_text"],
            add_way=line["add_way"],
            at=iso(line["at"]),
            is_returning=is_returning,
            is_half=False,
            is_historical=True,
        )
