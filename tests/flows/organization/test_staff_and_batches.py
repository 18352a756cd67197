"""Staff with dated moves and sealed phone numbers; batches of an import, idempotent by code."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.support.organization import TODAY, chain, day, member, within
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization import errors
from wellspring.organization.contracts import Outcome, StaffDraft, StaffRow, UnitKind, UnitRow, UpdateMode
from wellspring.organization.models import staff_table

PHONE = "13800138000"


def travel(ws: Workspace, days: int) -> None:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(days=days))


def trace(ws: Workspace) -> tuple[str, str]:
    with ws.sql.read() as tx:
        told = tx.execute(sa.select(outbox_table.c.name).order_by(outbox_table.c.id.desc()).limit(1)).scalar_one()
    return audit.listing(ws.sql, limit=1).rows[0].action, told


class TestStaff:
    def test_phone_numbers_are_sealed_and_masked(self, workspace: Workspace) -> None:
        units = chain(workspace)
        found = member(workspace, "e1", units["s1"], phone="138 0013 8000")
        assert found.phone_masked == "138****8000"
        with workspace.sql.read() as tx:
            row = tx.execute(sa.select(staff_table)).one()
        assert PHONE not in str(row)
        assert PHONE not in str(audit.listing(workspace.sql).rows)
        assert workspace.keys.open(row.phone_sealed, context="organization.staff.phone") == "+86" + PHONE
        assert trace(workspace) == ("organization.staff_added", "organization.staff_added")

    def test_a_number_that_is_none_is_refused_without_repeating_it(self, workspace: Workspace) -> None:
        units = chain(workspace)
        with pytest.raises(errors.FieldRefused) as refused:
            member(workspace, "e1", units["s1"], phone="1380013800x")
        assert "1380013" not in refused.value.detail("en") + str(refused.value.params)

    def test_is_found_by_name_code_and_whole_number(self, workspace: Workspace) -> None:
        units = chain(workspace)
        member(workspace, "e1", units["s1"], phone=PHONE)
        member(workspace, "e2", units["s2"])
        for words in ("E1", "员工e1", "+86 138-0013-8000"):
            assert [found.code for found in organization.list_staff(workspace, by=SYSTEM, q=words).rows] == ["e1"]
        assert organization.list_staff(workspace, by=SYSTEM, q="8000").rows == []

    def test_a_unit_lists_everyone_below_it(self, workspace: Workspace) -> None:
        units = chain(workspace)
        for code, where in (("e1", "s1"), ("e2", "north"), ("e3", "s3")):
            member(workspace, code, units[where])
        assert [found.code for found in organization.list_staff(workspace, by=SYSTEM, unit_id=units["north"].id).rows] == ["e1", "e2"]
        assert organization.list_staff(workspace, by=SYSTEM, unit_id="unt_absent").rows == []

    def test_a_move_ahead_takes_effect_by_itself(self, workspace: Workspace) -> None:
        units = chain(workspace)
        somebody = member(workspace, "e1", units["s1"])
        organization.move_staff(workspace, somebody.id, by=SYSTEM, unit_id=units["s3"].id, effective_on=day(3))
        assert trace(workspace) == ("organization.staff_moved", "organization.staff_moved")
        assert organization.get_staff(workspace, somebody.id, by=SYSTEM).unit_id == units["s1"].id
        travel(workspace, 3)
        found = organization.get_staff(workspace, somebody.id, by=SYSTEM)
        assert (found.unit_id, found.unit_name) == (units["s3"].id, "s3 号")

    def test_leaving_takes_effect_by_itself_and_is_final_for_moves(self, workspace: Workspace) -> None:
        units = chain(workspace)
        somebody = member(workspace, "e1", units["s1"])
        leaving = StaffDraft("", "", left_on=day(5))
        assert organization.change_staff(workspace, somebody.id, by=SYSTEM, draft=leaving, named={"left_on"}).is_active
        with pytest.raises(errors.StaffLeft):
            organization.move_staff(workspace, somebody.id, by=SYSTEM, unit_id=units["s2"].id, effective_on=day(5))
        travel(workspace, 5)
        assert not organization.get_staff(workspace, somebody.id, by=SYSTEM).is_active
        assert organization.tree(workspace)[0].staff_count == 0

    def test_codes_are_unique_and_units_real(self, workspace: Workspace) -> None:
        units = chain(workspace)
        member(workspace, "e1", units["s1"])
        with pytest.raises(errors.CodeTaken):
            member(workspace, "e1", units["s2"])
        with pytest.raises(errors.UnitUnknown):
            organization.add_staff(workspace, by=SYSTEM, draft=StaffDraft("e9", "x"), unit_id="unt_absent")

    def test_staff_outside_the_scope_is_like_absent(self, workspace: Workspace) -> None:
        units = chain(workspace)
        far = member(workspace, "far", units["s3"])
        member(workspace, "near", units["s1"])
        by = within(workspace, units["north"])
        assert [found.code for found in organization.list_staff(workspace, by=by).rows] == ["near"]
        assert organization.list_staff(workspace, by=by, unit_id=units["south"].id).rows == []
        for staff_id in (far.id, "stf_absent"):
            with pytest.raises(errors.StaffUnknown):
                organization.get_staff(workspace, staff_id, by=by)
            with pytest.raises(errors.StaffUnknown):
                organization.change_staff(workspace, staff_id, by=by, draft=StaffDraft("", "x"), named={"name"})
            with pytest.raises(errors.StaffUnknown):
                organization.move_staff(workspace, staff_id, by=by, unit_id=units["s1"].id, effective_on=day(1))

    def test_nobody_is_moved_out_of_sight(self, workspace: Workspace) -> None:
        units = chain(workspace)
        near = member(workspace, "near", units["s1"])
        with pytest.raises(errors.UnitUnknown):
            organization.move_staff(workspace, near.id, by=within(workspace, units["north"]), unit_id=units["s3"].id, effective_on=day(1))

    def test_ids_by_code(self, workspace: Workspace) -> None:
        somebody = member(workspace, "e1", chain(workspace)["s1"])
        assert organization.staff_ids_by_code(workspace, ["e1", "zz"]) == {"e1": somebody.id}


UNITS = [
    UnitRow(code="s1", name="一号店", parent_code="d1", longitude=121.47, latitude=31.23, opening_hours={"mon": (("10:00", "22:00"),)}),
    UnitRow(code="d1", name="经销商", kind=UnitKind.DEALER, parent_code="r1"),
    UnitRow(code="r1", name="华东", kind=UnitKind.REGION, parent_code="hq"),
    UnitRow(code="hq", name="总部", kind=UnitKind.HEADQUARTERS),
]


def outcomes(found: list[organization.RowOutcome]) -> list[str]:
    return [str(each.outcome) for each in found]


class TestImportUnits:
    def test_parents_may_stand_anywhere_in_the_batch(self, workspace: Workspace) -> None:
        found = organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        assert outcomes(found) == ["created"] * 4
        assert [above.code for above in organization.ancestors(workspace, found[0].id or "")] == ["hq", "r1", "d1", "s1"]
        assert trace(workspace) == ("organization.rows_imported", "organization.rows_imported")

    def test_the_same_batch_twice_changes_nothing(self, workspace: Workspace) -> None:
        first = organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        again = organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        assert outcomes(again) == ["unchanged"] * 4
        assert [each.id for each in again] == [each.id for each in first]

    def test_what_is_given_changes_and_the_rest_stays(self, workspace: Workspace) -> None:
        organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        (found,) = organization.import_units(workspace, by=SYSTEM, rows=[UnitRow(code="s1", name="旗舰店", parent_code="r1")])
        store = organization.get_unit(workspace, found.id or "", by=SYSTEM)
        assert (found.outcome, store.name, store.place is not None) == (Outcome.UPDATED, "旗舰店", True)
        assert [above.code for above in organization.ancestors(workspace, store.id)] == ["hq", "r1", "s1"]

    def test_a_refused_row_leaves_the_others_alone(self, workspace: Workspace) -> None:
        rows = [*UNITS, UnitRow(code="bad", longitude=500.0, latitude=1.0), UnitRow(code="lost", parent_code="nowhere"), UnitRow(code=" ")]
        rows += [UnitRow(code="odd", kind=UnitKind.REGION, parent_code="d1"), UnitRow(code="half", longitude=1.0)]
        found = organization.import_units(workspace, by=SYSTEM, rows=rows)
        assert outcomes(found) == ["created"] * 4 + ["refused"] * 5
        assert {each.problem for each in found[4:]} == {"organization.field_refused"}
        assert all(each.zh and each.en for each in found[4:])

    def test_levels_are_never_inverted(self, workspace: Workspace) -> None:
        organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        rows = [
            UnitRow(code="r2", kind=UnitKind.REGION, parent_code="d1"),
            UnitRow(code="r1", parent_code="s1"),
            UnitRow(code="r1", kind=UnitKind.STORE),
        ]
        found = organization.import_units(workspace, by=SYSTEM, rows=rows)
        assert [each.problem for each in found] == ["organization.levels_inverted"] * 3

    def test_a_code_twice_in_one_batch(self, workspace: Workspace) -> None:
        rows = [*UNITS, UnitRow(code="s1", name="改名店", parent_code="r1")]
        found = organization.import_units(workspace, by=SYSTEM, rows=rows)
        assert (outcomes(found)[-1], found[-1].id) == ("updated", found[0].id)
        store = organization.get_unit(workspace, found[0].id or "", by=SYSTEM)
        assert (store.name, store.parent_id) == ("改名店", found[2].id)

    @pytest.mark.parametrize(
        ("mode", "expected"), [(UpdateMode.INSERT_ONLY, ["skipped", "created"]), (UpdateMode.UPDATE_ONLY, ["updated", "skipped"])]
    )
    def test_update_modes(self, workspace: Workspace, mode: UpdateMode, expected: list[str]) -> None:
        organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        rows = [UnitRow(code="s1", name="新名"), UnitRow(code="s2", name="新店", parent_code="r1")]
        assert outcomes(organization.import_units(workspace, by=SYSTEM, rows=rows, mode=mode)) == expected

    def test_a_restricted_importer_stays_within_its_units(self, workspace: Workspace) -> None:
        units = chain(workspace)
        by = within(workspace, units["north"])
        rows = [
            UnitRow(code="new", parent_code="north"),
            UnitRow(code="s3", name="x"),
            UnitRow(code="top"),
            UnitRow(code="far", parent_code="south"),
        ]
        assert outcomes(organization.import_units(workspace, by=by, rows=rows)) == ["created", "refused", "refused", "refused"]

    def test_a_batch_has_a_limit(self, workspace: Workspace) -> None:
        with pytest.raises(TooLarge):
            organization.import_units(workspace, by=SYSTEM, rows=[UnitRow(code="x")] * 5_001)

    def test_one_audit_entry_with_counts_and_no_names(self, workspace: Workspace) -> None:
        organization.import_units(workspace, by=SYSTEM, rows=UNITS)
        (entry,) = audit.listing(workspace.sql).rows
        assert entry.detail["created"] == 4
        assert "一号店" not in str(entry)


STAFF = [
    StaffRow(code="e1", name="张三", unit_code="s1", title="店长", phone=PHONE),
    StaffRow(code="e2", name="李四", unit_code="s2", wecom_userid="lisi"),
]


class TestImportStaff:
    def test_twice_changes_nothing(self, workspace: Workspace) -> None:
        chain(workspace)
        assert outcomes(organization.import_staff(workspace, by=SYSTEM, rows=STAFF)) == ["created"] * 2
        assert outcomes(organization.import_staff(workspace, by=SYSTEM, rows=STAFF)) == ["unchanged"] * 2

    def test_changes_and_moves(self, workspace: Workspace) -> None:
        units = chain(workspace)
        first = organization.import_staff(workspace, by=SYSTEM, rows=STAFF)
        rows = [StaffRow(code="e1", unit_code="s3"), StaffRow(code="e2", phone="13900139000", left_on=TODAY)]
        assert outcomes(organization.import_staff(workspace, by=SYSTEM, rows=rows)) == ["updated"] * 2
        moved, left = (organization.get_staff(workspace, each.id or "", by=SYSTEM) for each in first)
        assert (moved.unit_id, moved.title, moved.phone_masked) == (units["s3"].id, "店长", "138****8000")
        assert (left.is_active, left.phone_masked, left.wecom_userid) == (False, "139****9000", "lisi")

    def test_refused_rows_say_why_without_the_number(self, workspace: Workspace) -> None:
        chain(workspace)
        rows = [
            *STAFF,
            StaffRow(code="e3", name="x"),
            StaffRow(code="e4", unit_code="zz"),
            StaffRow(code="e5", unit_code="s1", phone="138001380001234567"),
        ]
        found = organization.import_staff(workspace, by=SYSTEM, rows=rows)
        assert outcomes(found) == ["created"] * 2 + ["refused"] * 3
        assert "13800" not in str(found)

    def test_a_code_twice_in_one_batch(self, workspace: Workspace) -> None:
        units = chain(workspace)
        found = organization.import_staff(workspace, by=SYSTEM, rows=[*STAFF, StaffRow(code="e1", name="张三丰", unit_code="s3")])
        assert (outcomes(found)[-1], found[-1].id) == ("updated", found[0].id)
        somebody = organization.get_staff(workspace, found[0].id or "", by=SYSTEM)
        assert (somebody.name, somebody.unit_id) == ("张三丰", units["s3"].id)

    def test_a_restricted_importer_stays_within_its_units(self, workspace: Workspace) -> None:
        units = chain(workspace)
        member(workspace, "far", units["s3"])
        by = within(workspace, units["north"])
        rows = [StaffRow(code="new", unit_code="s1"), StaffRow(code="far", name="x"), StaffRow(code="other", unit_code="s3")]
        assert outcomes(organization.import_staff(workspace, by=by, rows=rows)) == ["created", "refused", "refused"]

    def test_taking_back(self, workspace: Workspace) -> None:
        chain(workspace)
        found = organization.import_staff(workspace, by=SYSTEM, rows=STAFF)
        assert organization.remove_staff(workspace, by=SYSTEM, staff_ids=[each.id or "" for each in found]) == 2
        assert organization.list_staff(workspace, by=SYSTEM).rows == []
