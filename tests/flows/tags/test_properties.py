"""Random puttings, liftings, expiries, rules, merges and un-merges: the set is always what the history says."""

import datetime as dt
import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.support import workspaces
from tests.support.tags import MINUTE, agreed, heard, ids_of, joined, people_of
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.contracts import TagWord, Verb

PEOPLE = 5
who, which, minutes = st.integers(0, PEOPLE - 1), st.integers(0, 4), st.integers(1, 6)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), who, which, st.one_of(st.none(), minutes)),
        st.tuples(st.just("lift"), who, which),
        st.tuples(st.just("late"), who, which, minutes, st.sampled_from(list(Verb)), st.sampled_from(["import:1", "import:2"])),
        st.tuples(st.just("follow"), st.sets(who), st.sampled_from([3, 4])),
        st.tuples(st.just("clear"), who, st.sampled_from([3, 4])),
        st.tuples(st.just("wait"), minutes),
        st.tuples(st.just("merge"), who, who),
        st.tuples(st.just("unmerge"), st.integers(0, 3)),
        st.tuples(st.just("undo"), st.sampled_from(["import:1", "import:2"])),
    ),
    max_size=14,
)


class Story:
    """A workspace with two groups: one free, one of levels, each with a tag that follows a rule."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        assert isinstance(ws.clock, VirtualClock)
        self.clock = ws.clock
        self.numbers = people_of(ws, PEOPLE)
        self.merges: list[str] = []
        level = api.add_group(ws, by=SYSTEM, name="等级", is_exclusive=True)
        self.names = [("偏好", "甲"), ("等级", "普通"), ("等级", "高"), ("等级", "KOC"), ("偏好", "活跃")]
        self.tags = [api.add_tag(ws, by=SYSTEM, group=group, name=name) for group, name in self.names]
        for place in (3, 4):
            api.bind(ws, by=SYSTEM, tag_id=self.tags[place], audience_id=f"aud_{place}")
        assert level
        self.seen: list[tuple[dt.datetime, str, BitMap]] = []

    def act(self, verb: str, *rest: Any) -> None:
        getattr(self, f"_{verb}")(*rest)
        agreed(self.ws)

    def _put(self, person: int, tag: int, lasts: int | None) -> None:
        until = self.clock.now() + lasts * MINUTE if lasts else None
        api.set_members(self.ws, by=SYSTEM, tag_id=self.tags[tag], put=[self.numbers[person]], expires_at=until)

    def _lift(self, person: int, tag: int) -> None:
        api.set_members(self.ws, by=SYSTEM, tag_id=self.tags[tag], lift=[self.numbers[person]])

    def _late(self, person: int, tag: int, ago: int, verb: Verb, source: str) -> None:
        word = TagWord(self.numbers[person], *self.names[tag], self.clock.now() - ago * MINUTE, verb)
        api.write(self.ws, by=SYSTEM, words=[word], source=source)

    def _follow(self, persons: set[int], tag: int) -> None:
        wanted = BitMap(people.holders_of(self.ws, member_nos=[self.numbers[person] for person in persons]))
        with self.ws.sql.write() as tx:
            api.follow(self.ws, tx, self.tags[tag], wanted)
        with self.ws.sql.write() as tx:
            assert api.follow(self.ws, tx, self.tags[tag], wanted) == api.Tally(0, 0)

    def _clear(self, person: int, tag: int) -> None:
        api.clear_exceptions(self.ws, by=SYSTEM, tag_id=self.tags[tag], member_nos=[self.numbers[person]])

    def _wait(self, many: int) -> None:
        self.clock.move_to(self.clock.now() + many * MINUTE)
        api.expire(self.ws)
        now = self.clock.now()
        self.seen = [(at, tag_id, held) for at, tag_id, held in self.seen if at < now]
        self.seen += [(now, tag_id, api.members(self.ws, tag_id=tag_id)) for tag_id in self.tags]
        # So that nothing else happens in the instant that was looked at.
        self.clock.move_to(now + dt.timedelta(milliseconds=1))

    def _merge(self, one: int, other: int) -> None:
        survivor, loser = people.holders_of(self.ws, member_nos=[self.numbers[one], self.numbers[other]])
        if survivor != loser:
            self.merges.append(joined(self.ws, survivor, loser))
            self.seen.clear()

    def _unmerge(self, place: int) -> None:
        if self.merges:
            people.unmerge(self.ws, by=SYSTEM, merge_id=self.merges.pop(place % len(self.merges)))
            heard(self.ws)
            self.seen.clear()

    def _undo(self, source: str) -> None:
        api.undo_source(self.ws, by=SYSTEM, source=source)
        self.seen.clear()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_the_set_is_the_latest_history_whatever_happened(installation: Installation, acts: list[tuple[Any, ...]]) -> None:
    with workspaces.fresh(installation) as ws:
        story = Story(ws)
        for act in acts:
            story.act(*act)
        for at, tag_id, held in story.seen:
            assert api.members_at(ws, tag_id=tag_id, at=at) == held


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS, pair=st.tuples(who, who).filter(lambda pair: pair[0] != pair[1]))
def test_merging_and_taking_it_back_leaves_everyone_as_they_were(
    installation: Installation, acts: list[tuple[Any, ...]], pair: tuple[int, int]
) -> None:
    with workspaces.fresh(installation) as ws:
        story = Story(ws)
        for act in itertools.filterfalse(lambda act: act[0] in {"merge", "unmerge"}, acts):
            story.act(*act)
        before = {tag_id: api.members(ws, tag_id=tag_id) for tag_id in story.tags}
        story.act("merge", *pair)
        agreed(ws)
        story.act("unmerge", 0)
        assert {tag_id: api.members(ws, tag_id=tag_id) for tag_id in story.tags} == before
        assert len(ids_of(ws, story.numbers)) == PEOPLE
