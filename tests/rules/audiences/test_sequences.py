"""Sequences: an order of events in time, held against the trying of every choice of events."""

import itertools

from hypothesis import given

from tests.support.audiences import NOW, SHANGHAI, did, histories, said, sequences
from wellspring.audiences.rules import measuring, tree
from wellspring.audiences.rules.durations import HOUR
from wellspring.audiences.rules.history import History
from wellspring.audiences.rules.meaning import holds, moment_of
from wellspring.audiences.rules.measuring import matching, timeline


class TestSequence:
    def test_s06_it_follows_event_time_and_not_arrival(self) -> None:
        assert said("A then B", did(("B", HOUR), ("A", 2 * HOUR)))
        assert not said("A then B", did(("A", HOUR), ("B", 2 * HOUR)))

    def test_s06_equal_times_are_ordered_by_arrival(self) -> None:
        assert said("A then B", did(("A", HOUR), ("B", HOUR)))
        assert not said("A then B", did(("B", HOUR), ("A", HOUR)))

    def test_s06_one_event_cannot_serve_two_steps(self) -> None:
        assert not said("A then A", did(("A", HOUR)))
        assert said("A then A", did(("A", HOUR), ("A", HOUR)))

    def test_within_counts_from_the_step_before_its_end_included(self) -> None:
        assert said("A then B within 1h", did(("A", 2 * HOUR), ("B", HOUR)))
        assert not said("A then B within 1h", did(("A", 2 * HOUR + 1), ("B", HOUR)))
        assert said("A then B within 1h then C within 1h", did(("A", 3 * HOUR), ("B", 2 * HOUR), ("C", HOUR)))

    def test_any_earlier_event_may_be_the_step_before(self) -> None:
        assert said("A then B within 1h then C", did(("A", 9 * HOUR), ("A", 3 * HOUR), ("B", 2 * HOUR), ("C", HOUR)))

    def test_did_not_applies_between_its_neighbours(self) -> None:
        assert not said("A without C then B", did(("A", 3 * HOUR), ("C", 2 * HOUR), ("B", HOUR)))
        assert said("A without C then B", did(("C", 4 * HOUR), ("A", 3 * HOUR), ("B", HOUR), ("C", 0)))
        assert said("A without A then B", did(("A", 4 * HOUR), ("A", 3 * HOUR), ("B", HOUR)))

    def test_a_final_did_not_means_not_since(self) -> None:
        assert said("A then B without C", did(("A", 3 * HOUR), ("C", 2 * HOUR), ("B", HOUR)))
        assert not said("A then B without C", did(("A", 3 * HOUR), ("B", HOUR), ("C", 0)))

    def test_a_leading_did_not_means_never_before(self) -> None:
        assert said("without C then A then B", did(("A", 3 * HOUR), ("C", 2 * HOUR), ("B", HOUR)))
        assert not said("without C then A then B", did(("C", 4 * HOUR), ("A", 3 * HOUR), ("B", HOUR)))

    def test_steps_have_conditions(self) -> None:
        history = did(("A", 2 * HOUR, {"x": 1}), ("B", HOUR, {"x": 2}))
        assert said("A (where x is 1) then B (where x is 2)", history)
        assert not said("A (where x is 2) then B", history)

    def test_a_long_search_that_fails_ends(self) -> None:
        history = did(*(("A", 1000 - place) for place in range(120)))
        assert not said("A then A then A then A then A then B", history)

    @given(sequences(), histories(max_events=6))
    def test_it_is_what_trying_every_choice_of_events_finds(self, leaf: tree.Sequence, history: History) -> None:
        moment = moment_of(history, now=NOW, zone=SHANGHAI)
        events = timeline(history, moment)
        steps = [step for step in leaf.steps if isinstance(step, tree.Step)]
        choices = itertools.combinations(range(len(events)), len(steps))
        expected = any(_is_sequence(leaf, choice, events, moment) for choice in choices)
        assert holds(leaf, history, now=NOW, zone=SHANGHAI) == expected


def _is_sequence(leaf: tree.Sequence, choice: tuple[int, ...], events: list[measuring.Happened], moment: measuring.Moment) -> bool:
    """Whether exactly these events, in order, are the steps."""
    taken = 0
    for step in leaf.steps:
        if isinstance(step, tree.Step):
            place = choice[taken]
            if not matching([events[place]], step.event, step.where, moment):
                return False
            if step.within and events[place].at - events[choice[taken - 1]].at > step.within.millis:
                return False
            taken += 1
        else:
            start = choice[taken - 1] + 1 if taken else 0
            end = choice[taken] if taken < len(choice) else len(events)
            if matching(events[start:end], step.event, step.where, moment):
                return False
    return True
