"""Where two people stand follows from what happened and when, never from when it was heard."""

import datetime as dt
import itertools

import pytest

from wellspring.channels.contracts import RelationState
from wellspring.channels.rules import histories, paths
from wellspring.channels.rules.histories import Fresh, Known
from wellspring.channels.rules.relations import Marks, latest, standing

DAY = [dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in range(1, 9)]


class TestStanding:
    @pytest.mark.parametrize(
        ("marks", "state", "ended_at"),
        [
            (Marks(added_at=DAY[0]), RelationState.FOLLOWING, None),
            (Marks(added_at=DAY[0], lost_at=DAY[1]), RelationState.LOST, DAY[1]),
            (Marks(added_at=DAY[0], lost_at=DAY[0]), RelationState.LOST, DAY[0]),
            (Marks(added_at=DAY[2], lost_at=DAY[1]), RelationState.FOLLOWING, None),
            (Marks(added_at=DAY[0], deleted_at=DAY[1]), RelationState.DELETED, DAY[1]),
            (Marks(added_at=DAY[0], transferred_at=DAY[1]), RelationState.TRANSFERRED, DAY[1]),
            (Marks(added_at=DAY[0], deleted_at=DAY[1], transferred_at=DAY[1]), RelationState.TRANSFERRED, DAY[1]),
            (Marks(added_at=DAY[0], lost_at=DAY[1], deleted_at=DAY[2]), RelationState.LOST, DAY[1]),
            (Marks(added_at=DAY[0], deleted_at=DAY[1], lost_at=DAY[2]), RelationState.DELETED, DAY[1]),
            (Marks(added_at=DAY[0], deleted_at=DAY[1], is_followed=True, created_at=DAY[2]), RelationState.FOLLOWING, None),
            (Marks(added_at=DAY[0], lost_at=DAY[1], is_followed=True, created_at=DAY[2]), RelationState.FOLLOWING, None),
            (Marks(added_at=DAY[0], lost_at=DAY[1], is_followed=True, created_at=DAY[0]), RelationState.LOST, DAY[1]),
            (Marks(added_at=DAY[0], is_followed=False), RelationState.DELETED, None),
            (Marks(lost_at=DAY[1]), RelationState.LOST, DAY[1]),
        ],
    )
    def test_cases(self, marks: Marks, state: RelationState, ended_at: dt.datetime | None) -> None:
        found = standing(marks)
        assert (found.state, found.ended_at) == (state, ended_at)

    def test_half_until_both_agreed(self) -> None:
        assert standing(Marks(half_at=DAY[0])).is_half
        assert standing(Marks(half_at=DAY[0], is_followed=False)).state is RelationState.FOLLOWING
        assert not standing(Marks(half_at=DAY[0], added_at=DAY[1])).is_half
        assert not standing(Marks(half_at=DAY[0], is_followed=True)).is_half
        assert not standing(Marks(half_at=DAY[0], lost_at=DAY[1])).is_half

    def test_latest_of_nothing(self) -> None:
        assert latest(None, None) is None


class TestHistory:
    def test_the_same_again_is_nothing(self) -> None:
        assert histories.fresh([Known(1, "added", DAY[0], False)], "added", DAY[0]) == Fresh(is_new=False)

    def test_an_event_takes_the_place_of_what_was_found(self) -> None:
        found = [Known(1, "added", DAY[0], True), Known(2, "deleted", DAY[3], True)]
        assert histories.fresh(found, "added", DAY[0] + dt.timedelta(seconds=2)).adopts == 1
        assert histories.fresh(found, "deleted", DAY[2]).adopts == 2
        assert histories.fresh(found, "transferred", DAY[2]).adopts == 2
        assert histories.fresh(found, "lost", DAY[2]) == Fresh(is_new=True)
        assert histories.fresh(found, "deleted", DAY[4]) == Fresh(is_new=True)

    def test_an_end_before_a_new_beginning_is_another_one(self) -> None:
        found = [Known(1, "added", DAY[2], False), Known(2, "deleted", DAY[3], True)]
        assert histories.fresh(found, "deleted", DAY[1]) == Fresh(is_new=True)

    def test_a_beginning_that_was_told_needs_no_finding(self) -> None:
        known = [Known(1, "added", DAY[0], False)]
        assert not histories.needs_join(known, DAY[0] + dt.timedelta(seconds=30))
        assert histories.needs_join(known, DAY[1])

    def test_the_second_half_of_a_friendship_is_found_once(self) -> None:
        half = Known(1, "half", DAY[0], False)
        assert histories.needs_join([half], DAY[0])
        assert not histories.needs_join([half, Known(2, "added", DAY[1], False)], DAY[0])
        found = Known(2, "added", DAY[0], True)
        assert histories.fresh([half, found], "added", DAY[1], created_at=DAY[0]).adopts == 2
        assert histories.fresh([found], "half", DAY[0], created_at=DAY[0]) == Fresh(is_new=True)
        assert histories.fresh([half, found], "added", DAY[3], created_at=DAY[3]) == Fresh(is_new=True)

    def test_days(self) -> None:
        known = [Known(1, "added", DAY[0], False), Known(2, "lost", DAY[1], False), Known(3, "added", DAY[3], False)]
        assert [histories.days_before(known, at, None) for at in (DAY[1], DAY[2], DAY[5])] == [1, 2, 2]
        assert histories.days_before([], DAY[5], DAY[1]) == 4
        assert histories.days_before([], DAY[0], DAY[1]) is None


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "may"),
        [
            ("externalcontact/get", True),
            ("externalcontact/get_follow_user_list", True),
            ("externalcontact/batch/get_by_user", True),
            ("user/list_id", True),
            ("externalcontact/mark_tag", True),
            ("cgi-bin/user/info", True),
            ("externalcontact/add_msg_template", False),
            ("externalcontact/add_contact_way", False),
            ("externalcontact/transfer_customer", False),
            ("message/send", False),
            ("externalcontact/remind_groupmsg_send", False),
        ],
    )
    def test_only_what_reads_or_states_is_repeated(self, path: str, may: bool) -> None:
        assert paths.is_repeatable(path) is may


def test_marks_are_alike_in_every_order() -> None:
    told = [("added_at", DAY[0]), ("lost_at", DAY[1]), ("added_at", DAY[2]), ("deleted_at", DAY[3])]
    ends = set()
    for order in itertools.permutations(told):
        marks = Marks()
        for name, at in order:
            marks = Marks(**{**marks._asdict(), name: latest(getattr(marks, name), at)})
        ends.add(standing(marks))
    assert len(ends) == 1
