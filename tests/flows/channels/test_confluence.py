"""Any multiset of callbacks in any order ends in the state of the distinct events in the order in which they happened.

The corp is connected three times: one account hears everything in order, one up to fifteen times in any order and in
two halves, and one loses some and then walks through the corp. The platform's own truth is what they must end in.
"""

import dataclasses
import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.corps import Corp, corp
from tests.support.door import KEY, TOKEN, bring, opened
from wecom_simulator.events import Event
from wecom_simulator.external import friends
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountDraft, CallbackState, Contact, RelationState
from wellspring.channels.errors import ContactUnknown
from wellspring.kernel import bus, jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock

__all__ = ["corp"]
STAFF = ("anna", "bo")
_numbers = itertools.count(1)
# Mostly one pair, so that it is added, lost and added again.
_ACT = st.sampled_from(["add", "add", "add", "half", "accept", "leave", "leave", "delete", "delete", "remark"])
ACTS = st.lists(st.tuples(_ACT, st.sampled_from([0, 0, 0, 1]), st.sampled_from(["anna", "anna", "anna", "bo"])), min_size=4, max_size=14)


@dataclasses.dataclass
class Trial:
    """One example: two people of its own, what they did, and how accounts see them."""

    corp: Corp
    names: tuple[str, str]
    events: list[Event]

    def seen(self, account_id: str) -> list[tuple[Any, ...]]:
        """Every relation as an account knows it."""
        return sorted(
            (one.external_userid, one.userid, str(one.state), one.is_half, one.added_at, one.ended_at, one.state_text)
            for contact in self.contacts(account_id)
            for one in contact.relations
        )

    def contacts(self, account_id: str) -> list[Contact]:
        found = []
        for name in self.names:
            try:
                found.append(channels.contact_of(self.corp.ws, by=SYSTEM, account_id=account_id, external_userid=self.corp.person(name)))
            except ContactUnknown:
                continue
        return found

    def told(self, account_id: str) -> list[tuple[Any, ...]]:
        """What the domains above were told, order aside: who, by whom, when, and why."""
        mine = {self.corp.person(name) for name in self.names}
        with self.corp.ws.sql.read() as tx:
            found = [one for kind in ("added", "lost") for one in bus.since(tx, f"channels.contact_{kind}", 0, limit=100_000)]
        return sorted(
            (name, body["external_userid"], body["userid"], body["at"], str(body.get("reason", body.get("is_half"))))
            for name, body in found
            if body["account_id"] == account_id and body["external_userid"] in mine
        )

    def logged(self, account_id: str) -> list[tuple[Any, ...]]:
        """What the activity log has, in order of what happened."""
        rows = [
            row
            for contact in self.contacts(account_id)
            for row in activity.timeline(self.corp.ws, member_no=contact.member_no, limit=200).rows
        ]
        return sorted((row.member_no, row.kind, row.at, row.props["userid"]) for row in rows if row.props["account_id"] == account_id)

    def everything(self, account_id: str) -> tuple[list[tuple[Any, ...]], ...]:
        return self.seen(account_id), self.told(account_id), self.logged(account_id)

    def truth(self) -> dict[tuple[str, str], tuple[bool, bool]]:
        """What the platform holds: whether the staff member and the contact keep each other."""
        mine = {self.corp.person(name) for name in self.names}
        books = friends.of(self.corp.sim.corp).books
        return {
            (external_userid, userid): (relation.by_staff, relation.by_customer)
            for userid, book in books.items()
            for external_userid, relation in book.relations.items()
            if external_userid in mine
        }


@pytest.fixture
def accounts(corp: Corp) -> tuple[str, str, str]:
    """Three accounts of one corp: in order, in any order, and with losses."""
    corp.hire(*STAFF)
    opened(corp)
    return corp.account_id, _another(corp, "1"), _another(corp, "2")


def _another(corp: Corp, agent_id: str) -> str:
    known = channels.account(corp.ws, corp.account_id)
    draft = AccountDraft(
        known.kind,
        f"再接 {agent_id}",
        known.corp_id,
        agent_id,
        corp.sim.app.secret,
        callback_token=TOKEN,
        callback_key=KEY,
        host=known.host,
    )
    return channels.connect(corp.ws, by=SYSTEM, draft=draft).id


def _live(corp: Corp, acts: list[tuple[str, int, str]]) -> Trial:
    """Whatever of the acts is possible, a minute apart."""
    number = next(_numbers)
    trial = Trial(corp, (f"Li{number}", f"Wang{number}"), [])
    corp.told.clear()
    for place, (act, who, userid) in enumerate(acts):
        person, external_userid = f"o{trial.names[who]}", corp.person(trial.names[who])
        name, arguments = {
            "add": ("add_by", {"userid": userid, "person": person, "half": False, "state": f"s{place}"}),
            "half": ("add_by", {"userid": userid, "person": person, "half": True}),
            "accept": ("accept", {"userid": userid, "person": person}),
            "leave": ("delete_staff", {"person": person, "userid": userid}),
            "delete": ("delete_customer", {"userid": userid, "external_userid": external_userid}),
            "remark": ("edit_remark", {"userid": userid, "external_userid": external_userid, "remark": f"r{place}"}),
        }[act]
        # What is impossible now (to leave somebody who is not there) is simply not done.
        corp.sim.http.post(f"/simulator/actions/{name}", json=arguments)
        assert isinstance(corp.ws.clock, VirtualClock)
        corp.ws.clock.move_to(corp.ws.clock.now() + dt.timedelta(minutes=1))
        corp.sim.advance(60)
    trial.events = list(corp.told)
    return trial


def _bring(corp: Corp, account_id: str, events: list[Event]) -> None:
    bring(dataclasses.replace(corp, account_id=account_id), events)
    corp.work()


_EXAMPLES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_EXAMPLES
@given(acts=ACTS, draw=st.data())
def test_any_order_and_any_number_end_alike(
    corp: Corp, accounts: tuple[str, str, str], acts: list[tuple[str, int, str]], draw: st.DataObject
) -> None:
    trial = _live(corp, acts)
    _bring(corp, accounts[0], trial.events)
    copies = [event for event in trial.events for _ in range(draw.draw(st.integers(1, 15)))]
    shuffled = draw.draw(st.permutations(copies))
    cut = draw.draw(st.integers(0, len(shuffled)))
    _bring(corp, accounts[1], shuffled[:cut])
    _bring(corp, accounts[1], shuffled[cut:])
    first, second = trial.everything(accounts[0]), trial.everything(accounts[1])
    assert second == first
    for external_userid, userid, state, is_half, *_ in first[0]:
        by_staff, by_customer = trial.truth().get((external_userid, userid), (False, False))
        assert is_half or (state == RelationState.FOLLOWING) == (by_staff and by_customer)


@_EXAMPLES
@given(acts=ACTS, draw=st.data())
def test_what_was_lost_is_found_by_the_walk(
    corp: Corp, accounts: tuple[str, str, str], acts: list[tuple[str, int, str]], draw: st.DataObject
) -> None:
    trial = _live(corp, acts)
    kept = [event for event in trial.events if event.change == "del_follow_user" or draw.draw(st.booleans())]
    _bring(corp, accounts[2], kept)
    channels.start_sync(corp.ws, by=SYSTEM, account_id=accounts[2])
    jobs.run_due(corp.ws)
    corp.work()
    assert channels.syncs(corp.ws, accounts[2])[0].state == "done"
    seen = {(row[0], row[1]): row for row in trial.seen(accounts[2])}
    for pair, (by_staff, by_customer) in trial.truth().items():
        # Of one side alone the platform tells nothing but by its callback.
        if by_staff:
            assert (seen[pair][2] == RelationState.FOLLOWING) == by_customer
        elif pair in seen and not seen[pair][3]:
            assert seen[pair][2] != RelationState.FOLLOWING
    # What comes after all is not told twice.
    before = trial.told(accounts[2])
    _bring(corp, accounts[2], trial.events)
    pairs = [(name, external_userid, userid) for name, external_userid, userid, *_ in trial.told(accounts[2])]
    assert {(name, external_userid, userid) for name, external_userid, userid, *_ in before} <= set(pairs)
    assert {row.state for row in channels.callbacks(corp.ws, account_id=accounts[2]).rows} <= {CallbackState.DONE}
