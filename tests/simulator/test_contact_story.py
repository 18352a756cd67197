"""Whatever people and the app do, in any order, the corp's customers stay in one piece, and callbacks tell the truth."""

import pickle
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.contact_world import DOINGS, Story
from wecom_simulator.external.friends import of

_STEPS = st.lists(st.tuples(st.integers(0, len(DOINGS) - 1), st.integers(0, 10_000)), min_size=20, max_size=120)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_STEPS)
def test_any_story_leaves_a_consistent_world(steps: list[tuple[int, int]]) -> None:
    story = Story()
    for which, draw in steps:
        story.step(which, draw)
        story.check()


@pytest.mark.parametrize("seed", range(3))
def test_a_long_story_and_its_snapshot(seed: int) -> None:
    story, random = Story(), Random(seed)
    for _ in range(1_500):
        story.step(random.randrange(len(DOINGS)), random.randrange(10**6))
        story.check()
    external = story.external
    assert external.books
    assert external.groups
    kept = pickle.loads(pickle.dumps(story.world))
    again = of(kept.corp)
    assert {one: [relation.userid for relation in contact.relations] for one, contact in again.contacts.items()} == {
        one: [relation.userid for relation in contact.relations] for one, contact in external.contacts.items()
    }
    one = next(contact for contact in again.contacts.values() if contact.relations)
    assert one.relations[0] is again.books[one.relations[0].userid].relations[one.external_userid]
