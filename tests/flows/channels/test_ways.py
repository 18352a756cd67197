"""Ways in: made once whatever happens to the answer, found again by their mark, changed until the platform has the newest."""

import pytest

from tests.support.corps import Corp, corp
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.contracts.ways import Entrance, EntranceKind, EntranceState, JoinWayDraft, LinkDraft, Settlement, WayDraft
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _staffed(corp: Corp) -> None:
    corp.hire("anna", "bo", "chen")


def _made(corp: Corp, state: str = "card-1", *userids: str) -> Entrance:
    return channels.create_way(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=WayDraft(userids or ("anna",), state=state))


class TestMaking:
    def test_a_way_is_made_as_wished(self, corp: Corp) -> None:
        made = _made(corp)
        [there] = corp.external.ways.values()
        assert (made.state, made.remote_id, made.is_current) == (EntranceState.ACTIVE, there.config_id, True)
        assert made.address == there.qr_code
        assert (there.fields["state"], there.fields["user"]) == ("card-1", ["anna"])

    def test_a_state_is_given_where_none_is_said(self, corp: Corp) -> None:
        made = channels.create_way(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=WayDraft(("anna",)))
        [there] = corp.external.ways.values()
        assert made.mark == there.fields["state"] != ""

    def test_a_state_is_taken_once(self, corp: Corp) -> None:
        _made(corp)
        with pytest.raises(errors.MarkTaken):
            _made(corp)

    def test_inside_a_transaction_it_is_planned_and_the_pump_calls(self, corp: Corp) -> None:
        with corp.ws.sql.write():
            made = _made(corp)
            assert (made.state, len(corp.external.ways)) == (EntranceState.PLANNED, 0)
        corp.work()
        assert channels.entrance(corp.ws, entrance_id=made.id).state is EntranceState.ACTIVE

    def test_what_the_platform_refuses_is_told_with_its_code(self, corp: Corp) -> None:
        made = _made(corp, "card-2", "nobody")
        assert (made.state, made.error_code in {40003, 41054, 60111}) == (EntranceState.FAILED, True)

    def test_what_it_would_refuse_is_refused_before(self, corp: Corp) -> None:
        with pytest.raises(errors.DraftRefused):
            _made(corp, "x" * 31)
        with pytest.raises(errors.DraftRefused):
            channels.create_way(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=WayDraft(("anna", "bo"), is_single=True))


class TestLostAnswers:
    def test_a_way_that_was_made_unheard_is_found_by_its_state(self, corp: Corp) -> None:
        corp.spoil("cut", "add_contact_way")
        made = _made(corp)
        assert (made.state, len(corp.external.ways)) == (EntranceState.UNKNOWN, 1)
        corp.advance(minutes=2)
        found = channels.entrance(corp.ws, entrance_id=made.id)
        assert (found.state, found.remote_id) == (EntranceState.ACTIVE, next(iter(corp.external.ways)))
        corp.advance(hours=1)
        assert len(corp.external.ways) == 1

    def test_one_that_was_never_made_is_made_once_the_list_would_have_it(self, corp: Corp) -> None:
        corp.spoil("page", "add_contact_way")
        made = _made(corp)
        assert made.state is EntranceState.UNKNOWN
        before = len(corp.external.ways)
        corp.advance(minutes=2)
        corp.advance(minutes=11)
        found = channels.entrance(corp.ws, entrance_id=made.id)
        assert (found.state, len(corp.external.ways)) == (EntranceState.ACTIVE, 1), before

    def test_what_nobody_lists_waits_for_a_person(self, corp: Corp) -> None:
        corp.spoil("cut", "add_join_way")
        draft = JoinWayDraft(("wr-none",), state="group-1")
        made = channels.create_join_way(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=draft)
        corp.advance(hours=1)
        found = channels.entrance(corp.ws, entrance_id=made.id)
        assert found.state in {EntranceState.UNKNOWN, EntranceState.FAILED}
        left = channels.settle_entrance(corp.ws, by=SYSTEM, entrance_id=made.id, how=Settlement.LEAVE)
        assert left.state is EntranceState.DELETED


class TestChanging:
    def test_the_newest_draft_is_there(self, corp: Corp) -> None:
        made = _made(corp)
        changed = channels.update_way(corp.ws, by=SYSTEM, entrance_id=made.id, draft=WayDraft(("bo", "chen"), remark="上午"))
        [there] = corp.external.ways.values()
        assert (changed.is_current, there.fields["user"], there.fields["state"]) == (True, ["bo", "chen"], "card-1")

    def test_a_limit_is_waited_for(self, corp: Corp) -> None:
        made = _made(corp)
        corp.spoil("rate", "update_contact_way")
        changed = channels.update_way(corp.ws, by=SYSTEM, entrance_id=made.id, draft=WayDraft(("bo",)))
        assert (changed.is_current, changed.error_code) == (False, 45009)
        corp.advance(minutes=30)
        assert channels.entrance(corp.ws, entrance_id=made.id).is_current
        assert next(iter(corp.external.ways.values())).fields["user"] == ["bo"]

    def test_a_refused_change_leaves_the_way_as_it_was(self, corp: Corp) -> None:
        made = _made(corp)
        changed = channels.update_way(corp.ws, by=SYSTEM, entrance_id=made.id, draft=WayDraft(("nobody",)))
        assert (changed.state, changed.is_current, changed.error_code is not None) == (EntranceState.ACTIVE, False, True)
        assert next(iter(corp.external.ways.values())).fields["user"] == ["anna"]


class TestDeleting:
    def test_it_is_gone_there_and_its_state_is_free(self, corp: Corp) -> None:
        made = _made(corp)
        assert channels.delete_way(corp.ws, by=SYSTEM, entrance_id=made.id).state is EntranceState.DELETED
        assert not corp.external.ways
        assert _made(corp).state is EntranceState.ACTIVE

    def test_what_is_gone_there_already_is_gone(self, corp: Corp) -> None:
        made = _made(corp)
        corp.external.ways.clear()
        assert channels.delete_way(corp.ws, by=SYSTEM, entrance_id=made.id).state is EntranceState.DELETED


class TestLinks:
    def test_a_link_is_made_and_names_its_channel(self, corp: Corp) -> None:
        draft = LinkDraft("直播间", ("anna",))
        made = channels.create_link(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=draft)
        assert channels.link_address(made, channel="live-1").endswith("?customer_channel=live-1")
        assert channels.entrances(corp.ws, kind=EntranceKind.LINK).rows == [made]
