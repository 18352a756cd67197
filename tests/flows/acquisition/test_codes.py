"""Codes at the platform: made as wished, served by whoever should at each hour, and never dead."""

import datetime as dt

import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.organization import chain
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import CodeKind, CodeState, Draft, DutyKind, Groups, Plan, Shift, Variant, WayState
from wellspring.acquisition.errors import codes as errors
from wellspring.acquisition.service import turning
from wellspring.channels import api as channels
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft

__all__ = ["corp"]

WORKDAYS = (0, 1, 2, 3, 4)


@pytest.fixture
def staff(corp: Corp) -> dict[str, str]:
    """Three people of a store; it is Wednesday noon."""
    return codes.employ(corp, chain(corp.ws)["s1"].id, "anna", "bo", "chen")


class TestMaking:
    def test_a_code_is_made_with_whoever_serves_now(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"], staff["bo"])))
        [way] = code.ways
        assert (way.standing, way.duty, way.problem) == (WayState.READY, DutyKind.SHIFT, "")
        assert way.state.startswith("wc")
        assert len(way.state) <= 30
        assert codes.users(corp, way.state) == ["anna", "bo"]

    def test_its_picture_is_kept_here(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],)))
        file_id, media_type = api.picture(corp.ws, code_id=code.id)
        content = b"".join(corp.ws.files.read(file_id))
        assert media_type in {"image/png", "image/jpeg"}
        assert len(content) > 100

    def test_what_cannot_be_is_refused_before(self, corp: Corp, staff: dict[str, str]) -> None:
        draft = Draft("一", CodeKind.CHANNEL, corp.account_id, plan=Plan((Shift((staff["anna"],)),)))
        api.add(corp.ws, by=SYSTEM, draft=draft)
        with pytest.raises(errors.NameTaken):
            api.add(corp.ws, by=SYSTEM, draft=draft)
        with pytest.raises(errors.PlanRefused):
            api.add(corp.ws, by=SYSTEM, draft=Draft("二", CodeKind.CHANNEL, corp.account_id))
        with pytest.raises(errors.WelcomeRefused):
            api.add(corp.ws, by=SYSTEM, draft=Draft("三", CodeKind.STORE, corp.account_id, welcome=(Variant("{{ nobody.name }}"),)))
        with pytest.raises(errors.AccountUnknown):
            api.add(corp.ws, by=SYSTEM, draft=Draft("四", CodeKind.STORE, "acc_absent"))

    def test_a_code_that_nobody_can_serve_says_so_and_lives_as_soon_as_somebody_can(self, corp: Corp, staff: dict[str, str]) -> None:
        stranger = organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft("x", "新人"), unit_id=chain_unit(corp)).id
        code = codes.channel_code(corp, Shift((stranger,)))
        assert code.ways[0].standing is WayState.EMPTY
        api.change(corp.ws, by=SYSTEM, code_id=code.id, draft=_with_plan(code.draft, Plan((Shift((staff["chen"],)),))))
        codes.settle(corp)
        [way] = api.one(corp.ws, code_id=code.id).ways
        assert (way.standing, codes.users(corp, way.state)) == (WayState.READY, ["chen"])

    def test_an_archived_code_is_gone_at_the_platform_and_its_name_is_free(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],)))
        api.archive(corp.ws, by=SYSTEM, code_id=code.id)
        codes.settle(corp)
        assert not corp.external.ways
        assert api.one(corp.ws, code_id=code.id).state is CodeState.ARCHIVED
        with pytest.raises(errors.CodeArchived):
            api.change(corp.ws, by=SYSTEM, code_id=code.id, draft=code.draft)
        assert codes.channel_code(corp, Shift((staff["anna"],))).draft.name == code.draft.name

    def test_kind_and_account_stay(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],)))
        with pytest.raises(errors.KindFixed):
            api.change(corp.ws, by=SYSTEM, code_id=code.id, draft=Draft("包裹卡", CodeKind.STORE, corp.account_id))

    def test_a_group_code_leads_into_its_groups(self, corp: Corp, staff: dict[str, str]) -> None:
        chat = corp.sim.act("create_group", owner="anna", name="会员群")["chat_id"]
        groups = Groups((chat,), opens_new=True, base_name="会员群", base_number=2)
        code = api.add(corp.ws, by=SYSTEM, draft=Draft("进群", CodeKind.GROUP, corp.account_id, groups=groups))
        codes.settle(corp)
        [way] = api.one(corp.ws, code_id=code.id).ways
        assert way.standing is WayState.READY
        assert way.picture_id

    def test_a_link_carries_its_state(self, corp: Corp, staff: dict[str, str]) -> None:
        draft = Draft("直播间", CodeKind.LINK, corp.account_id, plan=Plan((Shift((staff["anna"],)),)))
        code = api.add(corp.ws, by=SYSTEM, draft=draft)
        codes.settle(corp)
        [way] = api.one(corp.ws, code_id=code.id).ways
        assert way.url.endswith(f"?customer_channel={way.state}")


class TestTurning:
    def test_at_the_end_of_a_shift_and_at_its_beginning(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],), WORKDAYS, "09:00", "18:00"), backup=(staff["chen"],))
        state = code.ways[0].state
        assert code.due_at == dt.datetime(2026, 3, 18, 10, tzinfo=dt.UTC)
        corp.advance(hours=5, minutes=59)
        assert codes.users(corp, state) == ["anna"]
        corp.advance(minutes=1)
        assert codes.users(corp, state) == ["chen"]
        corp.advance(hours=15)
        assert codes.users(corp, state) == ["anna"]
        assert api.duties(corp.ws, code_id=code.id)[code.ways[0].id].kind is DutyKind.SHIFT

    def test_nothing_is_told_where_nothing_changes(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],), WORKDAYS, "09:00", "18:00"), backup=(staff["anna"],))
        before = channels.entrance(corp.ws, entrance_id=code.ways[0].entrance_id).updated_at
        corp.advance(hours=6)
        corp.advance(hours=15)
        assert channels.entrance(corp.ws, entrance_id=code.ways[0].entrance_id).updated_at == before

    def test_a_code_is_late_after_a_rest_and_right_at_once(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],), WORKDAYS, "09:00", "18:00"), backup=(staff["chen"],))
        # The machine was off from Wednesday noon to Saturday morning.
        corp.advance(days=2, hours=22)
        assert codes.users(corp, code.ways[0].state) == ["chen"]

    def test_looking_twice_changes_once(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],)))
        turning.turn(corp.ws, code.id)
        turning.turn(corp.ws, code.id)
        assert api.one(corp.ws, code_id=code.id).ways == code.ways

    def test_a_full_day_brings_the_back_up_until_midnight(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"], staff["bo"])), backup=(staff["chen"],), daily_limit=2)
        state = code.ways[0].state
        for number in range(2):
            codes.arrive(corp, f"a{number}", "anna", state=state)
        assert codes.users(corp, state) == ["bo"]
        for number in range(2):
            codes.arrive(corp, f"b{number}", "bo", state=state)
        assert codes.users(corp, state) == ["chen"]
        corp.advance(hours=12)
        assert codes.users(corp, state) == ["anna", "bo"]

    def test_arrivals_by_other_ways_count_no_limit(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"],)), backup=(staff["chen"],), daily_limit=1)
        codes.arrive(corp, "a", "anna", state="elsewhere")
        assert codes.users(corp, code.ways[0].state) == ["anna"]

    def test_whoever_leaves_is_taken_out(self, corp: Corp, staff: dict[str, str]) -> None:
        code = codes.channel_code(corp, Shift((staff["anna"], staff["bo"])))
        with corp.ws.sql.write() as tx:
            codes.contacts.change_staff(tx, corp.account_id, ["anna"], {"is_active": False})
        draft = StaffDraft("anna", "Anna", left_on=dt.date(2026, 3, 18))
        organization.change_staff(corp.ws, staff["anna"], by=SYSTEM, draft=draft, named={"left_on"})
        codes.settle(corp)
        assert codes.users(corp, code.ways[0].state) == ["bo"]


class TestStores:
    def test_each_store_has_a_way_of_its_own_served_by_its_people(self, corp: Corp) -> None:
        units = chain(corp.ws)
        codes.employ(corp, units["s1"].id, "anna")
        codes.employ(corp, units["s2"].id, "bo", "chen")
        code = api.add(corp.ws, by=SYSTEM, draft=Draft("门店", CodeKind.STORE, corp.account_id))
        codes.settle(corp)
        ways = {way.unit_id: way for way in api.one(corp.ws, code_id=code.id).ways}
        assert set(ways) == {units["s1"].id, units["s2"].id, units["s3"].id}
        assert codes.users(corp, ways[units["s2"].id].state) == ["bo", "chen"]
        assert ways[units["s3"].id].standing is WayState.EMPTY

    def test_somebody_who_moves_serves_the_other_store(self, corp: Corp) -> None:
        units = chain(corp.ws)
        staff = codes.employ(corp, units["s1"].id, "anna", "bo") | codes.employ(corp, units["s2"].id, "chen")
        code = api.add(corp.ws, by=SYSTEM, draft=Draft("门店", CodeKind.STORE, corp.account_id))
        codes.settle(corp)
        organization.move_staff(corp.ws, staff["bo"], by=SYSTEM, unit_id=units["s2"].id, effective_on=dt.date(2026, 3, 18))
        codes.settle(corp)
        ways = {way.unit_id: way for way in api.one(corp.ws, code_id=code.id).ways}
        assert codes.users(corp, ways[units["s1"].id].state) == ["anna"]
        assert sorted(codes.users(corp, ways[units["s2"].id].state)) == ["bo", "chen"]


def chain_unit(corp: Corp) -> str:
    return organization.unit_ids_by_code(corp.ws, ["s2"])["s2"]


def _with_plan(draft: Draft, plan: Plan) -> Draft:
    return Draft(draft.name, draft.kind, draft.account_id, plan=plan)
