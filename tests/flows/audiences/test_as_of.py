"""The past: a definition at an earlier instant, with what is known today and with what was known then."""

import dataclasses
import datetime as dt

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import activity as acting
from tests.support import audiences as drawn
from tests.support import people as persons
from tests.support import workspaces
from wellspring.audiences.models import observation_log
from wellspring.audiences.rules import meaning, read, text_write, tree
from wellspring.audiences.rules.durations import DAY, HOUR
from wellspring.audiences.rules.history import Event, History
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock, from_millis, iso, to_millis
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags

leaves = drawn.event_leaves | st.builds(tree.Attribute, st.sampled_from(drawn.ATTRIBUTES), drawn.value_comparisons)
pasts = st.sampled_from([0, 1, HOUR, 12 * HOUR, DAY, DAY + 1, 7 * DAY, 31 * DAY]).map(lambda ago: drawn.NOW - ago)


def asked(ws: Workspace, definition: object, *, at: dt.datetime, as_known: bool = False) -> set[int]:
    asking = Asking(ws, Instant(to_millis(at), is_past=True, as_known=as_known))
    return set(References(asking).evaluating.members(read.read(definition)))


def number_of(ws: Workspace, user: str) -> int:
    return people.find(ws, [Identity(IdentityKind.USER_ID, user)])[0]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False)
@given(histories=st.lists(drawn.histories(), min_size=3, max_size=6), nodes=st.lists(drawn.trees(leaves), min_size=4, max_size=8), at=pasts)
def test_the_past_is_what_had_happened_by_then(
    installation: Installation, histories: list[History], nodes: list[tree.Node], at: int
) -> None:
    with workspaces.fresh(installation) as ws:
        known: dict[int, History] = {}
        for place, history in enumerate(histories):
            user = f"user-{place}"
            traits = {name: list(value) if isinstance(value, tuple) else value for name, value in history.attributes.items()}
            # Told early, so that every attribute is in force at every instant that is asked about.
            acting.ingest(ws, acting.identify(user, traits, timestamp=iso(from_millis(drawn.NOW - 100 * DAY))))
            acting.ingest(
                ws,
                *(
                    acting.track(one.kind, userId=user, timestamp=iso(from_millis(one.at)), properties=dict(one.props))
                    for one in history.events
                ),
            )
            events = tuple(_received(one) for one in history.events)
            known[number_of(ws, user)] = dataclasses.replace(history, events=events)
        evaluating = References(Asking(ws, Instant(at, is_past=True))).evaluating
        for node in nodes:
            expected = {number for number, one in known.items() if meaning.holds(node, one, now=at, zone=drawn.SHANGHAI)}
            assert set(evaluating.members(node)) == expected, text_write.print_text(node)


def _received(one: Event) -> Event:
    """Of the past it matters only when something happened; what is a little ahead of the server happened as it came."""
    at = drawn.NOW if drawn.NOW < one.at <= drawn.NOW + 5 * 60_000 else one.at
    return dataclasses.replace(one, at=at, received_at=at)


def test_what_came_later_was_not_known_then(workspace: Workspace, clock: VirtualClock) -> None:
    start = clock.now()
    acting.ingest(workspace, acting.track("A", userId="u1"))
    clock.move_to(start + dt.timedelta(days=2))
    acting.ingest(workspace, acting.track("A", userId="u1", timestamp=iso(start + dt.timedelta(hours=1))))
    at, twice = start + dt.timedelta(days=1), {"did": "A", "gte": 2}
    assert asked(workspace, twice, at=at) == {number_of(workspace, "u1")}
    assert asked(workspace, twice, at=at, as_known=True) == set()


def test_members_are_there_from_their_first_event_on(workspace: Workspace, clock: VirtualClock) -> None:
    start = clock.now()
    acting.ingest(workspace, acting.track("A", userId="u1"), acting.track("A", userId="u2"))
    clock.move_to(start + dt.timedelta(days=2))
    # Told late of something earlier than everything known of them.
    acting.ingest(workspace, acting.track("B", userId="u1", timestamp=iso(start - dt.timedelta(days=5))))
    first, second = number_of(workspace, "u1"), number_of(workspace, "u2")
    nobody_yet = {"did": "A", "is": 0}
    assert asked(workspace, nobody_yet, at=start - dt.timedelta(days=4)) == {first}
    assert asked(workspace, nobody_yet, at=start - dt.timedelta(days=4), as_known=True) == set()
    assert asked(workspace, {"all": []}, at=start) == {first, second}


def test_attributes_and_tags_keep_their_history(workspace: Workspace, clock: VirtualClock) -> None:
    start = clock.now()
    acting.ingest(workspace, acting.identify("u1", {"city": "上海"}))
    number = number_of(workspace, "u1")
    tags.put(workspace, by=SYSTEM, member_nos=[number], group="等级", tag="KOC")
    clock.move_to(start + dt.timedelta(days=2))
    acting.ingest(workspace, acting.identify("u1", {"city": "杭州"}))
    tags.lift(workspace, by=SYSTEM, member_nos=[number], group="等级", tag="KOC")
    day_one = start + dt.timedelta(days=1)
    for definition, then, now in (
        ({"attribute": "city", "is": "上海"}, {number}, set()),
        ({"attribute": "city", "is": "杭州"}, set(), {number}),
        ({"attribute": "city", "is_not": "上海"}, set(), {number}),
        ({"tag": "等级/KOC"}, {number}, set()),
    ):
        assert asked(workspace, definition, at=day_one) == then, definition
        assert set(References(Asking(workspace, Instant(now_of(workspace)))).evaluating.members(read.read(definition))) == now, definition


def test_an_import_taken_back_leaves_no_past_and_other_changes_delete_nothing(workspace: Workspace, clock: VirtualClock) -> None:
    start = clock.now()
    persons.resolve(workspace, persons.claim("user_id:u1", attributes={"city": "上海"}, at=start))
    number = number_of(workspace, "u1")
    assert asked(workspace, {"attribute": "city", "is": "上海"}, at=start) == {number}
    day_one = start + dt.timedelta(days=1)
    clock.move_to(start + dt.timedelta(days=3))
    persons.resolve(workspace, persons.claim("user_id:u1", attributes={"city": "杭州"}, at=day_one), import_id="imp")
    day_two = start + dt.timedelta(days=2)
    assert asked(workspace, {"attribute": "city", "is": "杭州"}, at=day_two) == {number}
    assert _deletions(workspace) == 0
    people.undo_import(workspace, by=SYSTEM, import_id="imp")
    assert asked(workspace, {"attribute": "city", "is": "杭州"}, at=day_two) == set()
    assert asked(workspace, {"attribute": "city", "is": "上海"}, at=day_two) == {number}
    assert _deletions(workspace) == 1


def _deletions(ws: Workspace) -> int:
    counted = f"SELECT count() AS c FROM system.mutations WHERE table = '{observation_log.name}' AND database = currentDatabase()"
    return int(next(iter(rows(ws.log, counted)))["c"])


def test_s15_an_erased_person_is_gone_at_every_instant(workspace: Workspace, clock: VirtualClock) -> None:
    start = clock.now()
    acting.ingest(workspace, acting.track("A", userId="u1"), acting.track("A", userId="u2"))
    gone, stays = number_of(workspace, "u1"), number_of(workspace, "u2")
    clock.move_to(start + dt.timedelta(days=1))
    people.erase(workspace, by=SYSTEM, member_id=people.member_rows(workspace, gone, gone)[0].id)
    assert asked(workspace, {"did": "A"}, at=start) == {stays}
    assert asked(workspace, {"all": []}, at=start) == {stays}
