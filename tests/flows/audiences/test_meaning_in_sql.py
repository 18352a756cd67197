"""The engine's answers against the reference: random definitions over a growing crowd of random members.

Whatever `rules.meaning` says of each member alone, the bitmaps must say of all of them at once.
"""

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import activity as acting
from tests.support import audiences as drawn
from tests.support import workspaces
from wellspring.activity.contracts import MESSAGE_SENT
from wellspring.audiences.rules import meaning, measuring, text_write, tree
from wellspring.audiences.rules.history import AHEAD_MILLIS_MAX, Event, History
from wellspring.audiences.service.asking import Asking, Instant
from wellspring.audiences.service.evaluating import Evaluating
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis, iso
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags
from wellspring.tags.contracts import NO_GROUP

ROUNDS = 40
leaves = (
    drawn.event_leaves
    | drawn.event_leaves
    | drawn.touches()
    | drawn.samples
    | drawn.tops()
    | st.builds(tree.Attribute, st.sampled_from(drawn.ATTRIBUTES), drawn.value_comparisons)
    | st.builds(tree.Tag, st.sampled_from(drawn.TAGS))
    | st.builds(tree.TagGroup, st.sampled_from(["渠道", "兴趣"]))
)
crowds = st.lists(drawn.histories(), min_size=2, max_size=6)
definitions = st.lists(drawn.trees(leaves), min_size=3, max_size=8)


class Crowd:
    """The members told to one workspace so far, each with the history that the reference looks at."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.members: dict[int, History] = {}
        self._users = (f"user-{number}" for number in itertools.count(1))
        self._arrival = itertools.count(1)

    def add(self, histories: list[History]) -> None:
        """Tells of new members over the front doors."""
        told: list[tuple[str, History]] = [(next(self._users), history) for history in histories]
        messages: list[dict[str, Any]] = []
        for user, history in told:
            traits = {name: list(value) if isinstance(value, tuple) else value for name, value in history.attributes.items()}
            messages.append(acting.identify(user, traits))
            messages += [
                acting.track(one.kind, userId=user, timestamp=iso(from_millis(one.at)), properties=dict(one.props))
                for one in history.events
            ]
            messages += [
                acting.track(MESSAGE_SENT, userId=user, timestamp=iso(from_millis(at)), properties={"channel": channel})
                for channel, at in history.touched
            ]
        result = acting.ingest(self.ws, *messages)
        assert result.rejected == 0
        for user, history in told:
            number = people.find(self.ws, [Identity(IdentityKind.USER_ID, user)])[0]
            for name in history.tags:
                group, mark, rest = name.partition("/")
                tags.put(self.ws, by=SYSTEM, member_nos=[number], group=group if mark else NO_GROUP, tag=rest if mark else name)
            member = people.member_rows(self.ws, number, number)[0]
            touched = tuple((channel, _counted(at)) for channel, at in history.touched)
            self.members[number] = dataclasses.replace(history, public_id=member.id, events=self._stored(history), touched=touched)

    def _stored(self, history: History) -> tuple[Event, ...]:
        return tuple(dataclasses.replace(one, arrival_no=next(self._arrival), received_at=drawn.NOW) for one in history.events)

    def expected(self, node: tree.Node) -> set[int]:
        """Whom the reference takes."""
        standing: dict[tree.Top, set[int]] = {}
        for _path, leaf in tree.leaves(node):
            if isinstance(leaf, tree.Top):
                ranked = {
                    number: value
                    for number, history in self.members.items()
                    if (value := measuring.ranked_by(leaf, history, meaning.moment_of(history, now=drawn.NOW, zone=drawn.SHANGHAI)))
                    is not None
                }
                standing[leaf] = measuring.top(ranked, leaf.percent)
        found = set()
        for number, history in self.members.items():
            known = dataclasses.replace(history, standing={leaf: number in mine for leaf, mine in standing.items()})
            if meaning.holds(node, known, now=drawn.NOW, zone=drawn.SHANGHAI):
                found.add(number)
        return found


def _counted(at: int) -> int:
    """A little ahead of the server counts at once."""
    return drawn.NOW if drawn.NOW < at <= drawn.NOW + AHEAD_MILLIS_MAX else at


@pytest.fixture(scope="module")
def crowd(installation: Installation) -> Iterator[Crowd]:
    with workspaces.fresh(installation) as ws:
        yield Crowd(ws)


# Not shrunk: the crowd grows with every example, so a smaller one is another one; the text of the definition tells enough.
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False)
@given(newcomers=crowds, nodes=definitions)
def test_everybody_at_once_is_each_one_alone(crowd: Crowd, newcomers: list[History], nodes: list[tree.Node]) -> None:
    crowd.add(newcomers)
    asking = Asking(crowd.ws, Instant(drawn.NOW))
    # By rows and values in memory where they can answer, and by the stores alone.
    ways = [Evaluating(one, lambda _audience: pytest.fail("no references here"), is_cached=False) for one in (asking, asking.of_log())]
    for node in nodes:
        expected = crowd.expected(node)
        for evaluating in ways:
            assert set(evaluating.members(node)) == expected, text_write.print_text(node)
