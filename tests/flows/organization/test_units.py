"""Units: levels, codes, dated moves, closing, the tree of a day, data scopes, stores near a place."""

import datetime as dt
import time

import pytest
import sqlalchemy as sa

from tests.support.organization import TODAY, chain, day, member, unit, within
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization import errors
from wellspring.organization.contracts import Branch, CoordinateSystem, Place, Unit, UnitDraft, UnitKind, UnitRow
from wellspring.organization.service import picture


def codes(branches: tuple[Branch, ...]) -> dict[str, object]:
    return {branch.node.code: codes(branch.children) for branch in branches}


def move(ws: Workspace, what: Unit, to: Unit | None, on: dt.date) -> None:
    organization.move_unit(ws, what.id, by=SYSTEM, parent_id=to.id if to else None, effective_on=on)


def travel(ws: Workspace, days: int) -> None:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(days=days))


def trace(ws: Workspace) -> tuple[str, str]:
    with ws.sql.read() as tx:
        told = tx.execute(sa.select(outbox_table.c.name).order_by(outbox_table.c.id.desc()).limit(1)).scalar_one()
    return audit.listing(ws.sql, limit=1).rows[0].action, told


class TestCreate:
    def test_tells_it(self, workspace: Workspace) -> None:
        made = unit(workspace, "hq", UnitKind.HEADQUARTERS)
        assert trace(workspace) == ("organization.unit_created", "organization.unit_created")
        assert organization.get_unit(workspace, made.id, by=SYSTEM) == made

    def test_a_level_may_be_skipped(self, workspace: Workspace) -> None:
        hq = unit(workspace, "hq", UnitKind.HEADQUARTERS)
        assert unit(workspace, "s1", UnitKind.STORE, hq).parent_id == hq.id

    @pytest.mark.parametrize(
        ("above", "below"),
        [(UnitKind.STORE, UnitKind.REGION), (UnitKind.REGION, UnitKind.REGION), (UnitKind.DEALER, UnitKind.HEADQUARTERS)],
    )
    def test_levels_are_never_inverted(self, workspace: Workspace, above: UnitKind, below: UnitKind) -> None:
        top = unit(workspace, "a", above)
        with pytest.raises(errors.LevelsInverted):
            unit(workspace, "b", below, top)

    def test_codes_are_unique(self, workspace: Workspace) -> None:
        unit(workspace, "s1")
        with pytest.raises(errors.CodeTaken):
            unit(workspace, " s1 ")

    def test_a_place_is_checked(self, workspace: Workspace) -> None:
        with pytest.raises(errors.FieldRefused):
            unit(workspace, "s1", place=Place(200.0, 10.0))


class TestMove:
    def test_one_that_lies_ahead_takes_effect_by_itself(self, workspace: Workspace) -> None:
        units = chain(workspace)
        move(workspace, units["s2"], units["south"], day(10))
        assert organization.get_unit(workspace, units["s2"].id, by=SYSTEM).parent_id == units["north"].id
        assert units["s2"].id in organization.subtree_ids(workspace, [units["north"].id])
        travel(workspace, 10)
        assert organization.get_unit(workspace, units["s2"].id, by=SYSTEM).parent_id == units["south"].id
        assert units["s2"].id not in organization.subtree_ids(workspace, [units["north"].id])
        assert units["s2"].id in organization.subtree_ids(workspace, [units["south"].id])

    def test_every_day_can_be_read_as_it_was(self, workspace: Workspace) -> None:
        units = chain(workspace)
        travel(workspace, 30)
        move(workspace, units["dealer"], units["south"], day(20))
        move(workspace, units["dealer"], units["hq"], day(25))
        where = {
            offset: organization.get_unit(workspace, units["dealer"].id, by=SYSTEM, on=day(offset)).parent_id
            for offset in (-100, 0, 19, 20, 24, 25, 99)
        }
        north, south, hq = (units[code].id for code in ("north", "south", "hq"))
        assert where == {-100: north, 0: north, 19: north, 20: south, 24: south, 25: hq, 99: hq}
        assert units["s1"].id in organization.subtree_ids(workspace, [south], day(22))
        assert units["s1"].id not in organization.subtree_ids(workspace, [south], day(26))

    def test_the_later_word_for_one_day_counts(self, workspace: Workspace) -> None:
        units = chain(workspace)
        move(workspace, units["s2"], units["south"], day(5))
        move(workspace, units["s2"], units["dealer"], day(5))
        assert organization.get_unit(workspace, units["s2"].id, by=SYSTEM, on=day(6)).parent_id == units["dealer"].id
        assert [step.effective_on for step in organization.unit_history(workspace, units["s2"].id, by=SYSTEM)] == [day(5), TODAY]

    def test_under_itself_or_what_is_below_it_is_refused(self, workspace: Workspace) -> None:
        units = chain(workspace)
        for below in ("north", "dealer", "s1"):
            with pytest.raises(errors.LevelsInverted):
                move(workspace, units["north"], units[below], day(1))

    def test_under_a_closed_unit_is_refused_from_that_day_on(self, workspace: Workspace) -> None:
        units = chain(workspace)
        draft = UnitDraft("", "", UnitKind.STORE, closed_on=day(10))
        organization.change_unit(workspace, units["south"].id, by=SYSTEM, draft=draft, named={"closed_on"})
        with pytest.raises(errors.UnitClosed):
            move(workspace, units["s2"], units["south"], day(10))
        move(workspace, units["s2"], units["south"], day(9))

    def test_tells_it(self, workspace: Workspace) -> None:
        units = chain(workspace)
        move(workspace, units["s2"], units["south"], day(1))
        assert trace(workspace) == ("organization.unit_moved", "organization.unit_moved")


class TestChange:
    def change(self, ws: Workspace, what: Unit, **values: object) -> Unit:
        draft = UnitDraft(**{"code": "", "name": "", "kind": UnitKind.STORE, **values})  # type: ignore[arg-type]
        return organization.change_unit(ws, what.id, by=SYSTEM, draft=draft, named=frozenset(values))

    def test_only_what_is_named(self, workspace: Workspace) -> None:
        made = unit(workspace, "s1", address="外滩 1 号", place=Place(121.49, 31.24))
        changed = self.change(workspace, made, name="外滩店")
        assert (changed.name, changed.address, changed.place, changed.code) == ("外滩店", "外滩 1 号", Place(121.49, 31.24), "s1")
        assert trace(workspace) == ("organization.unit_changed", "organization.unit_changed")

    def test_hours_and_special_days(self, workspace: Workspace) -> None:
        made = unit(workspace, "s1")
        week = {"wed": (("10:00", "22:00"),)}
        self.change(workspace, made, opening_hours=week)
        assert organization.open_state(workspace, made.id, by=SYSTEM).is_open
        self.change(workspace, made, special_days={TODAY.isoformat(): ()})
        assert not organization.open_state(workspace, made.id, by=SYSTEM).is_open
        with pytest.raises(errors.FieldRefused):
            self.change(workspace, made, opening_hours={"someday": ()})

    def test_a_kind_must_fit_every_day_there_was_and_will_be(self, workspace: Workspace) -> None:
        units = chain(workspace)
        move(workspace, units["s1"], units["south"], day(1))
        travel(workspace, 5)
        with pytest.raises(errors.LevelsInverted):
            self.change(workspace, units["dealer"], kind=UnitKind.STORE)
        with pytest.raises(errors.LevelsInverted):
            self.change(workspace, units["s2"], kind=UnitKind.REGION)
        assert self.change(workspace, units["s2"], kind=UnitKind.DEALER).kind is UnitKind.DEALER

    def test_a_code_that_is_taken(self, workspace: Workspace) -> None:
        units = chain(workspace)
        with pytest.raises(errors.CodeTaken):
            self.change(workspace, units["s1"], code="s2")
        assert self.change(workspace, units["s1"], code="s1").code == "s1"


class TestScope:
    def test_units_outside_are_like_absent_ones(self, workspace: Workspace) -> None:
        units = chain(workspace)
        by = within(workspace, units["north"])
        for unit_id in (units["s3"].id, units["hq"].id, "unt_absent"):
            with pytest.raises(errors.UnitUnknown):
                organization.get_unit(workspace, unit_id, by=by)
            with pytest.raises(errors.UnitUnknown):
                organization.unit_history(workspace, unit_id, by=by)
            with pytest.raises(errors.UnitUnknown):
                organization.open_state(workspace, unit_id, by=by)
            with pytest.raises(errors.UnitUnknown):
                organization.move_unit(workspace, units["s2"].id, by=by, parent_id=unit_id, effective_on=day(1))
            with pytest.raises(errors.UnitUnknown):
                organization.move_unit(workspace, unit_id, by=by, parent_id=units["north"].id, effective_on=day(1))
            with pytest.raises(errors.UnitUnknown):
                organization.create_unit(workspace, by=by, draft=UnitDraft("x", "x", UnitKind.STORE), parent_id=unit_id)

    def test_lists_and_trees_hold_what_is_within(self, workspace: Workspace) -> None:
        units = chain(workspace)
        by = within(workspace, units["dealer"], units["south"])
        assert codes(organization.tree(workspace, by=by)) == {"south": {"s3": {}}, "dealer": {"s1": {}}}
        assert [found.code for found in organization.list_units(workspace, by=by).rows] == ["dealer", "s1", "s3", "south"]

    def test_a_restricted_actor_makes_no_unit_that_nobody_else_sees(self, workspace: Workspace) -> None:
        units = chain(workspace)
        with pytest.raises(errors.UnitUnknown):
            organization.create_unit(workspace, by=within(workspace, units["north"]), draft=UnitDraft("x", "x", UnitKind.STORE))


class TestListing:
    def test_pages_in_order_of_code(self, workspace: Workspace) -> None:
        organization.import_units(workspace, by=SYSTEM, rows=[UnitRow(code=f"s{number:03}") for number in range(25)])
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = organization.list_units(workspace, by=SYSTEM, limit=10, cursor=cursor)
            seen += [found.code for found in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [f"s{number:03}" for number in range(25)]

    def test_filters_by_kind_and_words(self, workspace: Workspace) -> None:
        chain(workspace)
        assert [found.code for found in organization.list_units(workspace, by=SYSTEM, kind=UnitKind.REGION).rows] == ["north", "south"]
        assert [found.code for found in organization.list_units(workspace, by=SYSTEM, q="S1").rows] == ["s1"]
        assert organization.list_units(workspace, by=SYSTEM, q="%").rows == []


class TestTree:
    def test_counts_stores_and_staff(self, workspace: Workspace) -> None:
        units = chain(workspace)
        member(workspace, "e1", units["s1"])
        member(workspace, "e2", units["north"])
        (hq,) = organization.tree(workspace)
        north = hq.children[0]
        assert (hq.stores_count, hq.staff_count, north.stores_count, north.staff_count) == (3, 2, 2, 2)

    def test_names_and_codes_from_memory(self, workspace: Workspace) -> None:
        units = chain(workspace)
        assert organization.unit_ids_by_code(workspace, ["s1", "zz"]) == {"s1": units["s1"].id}
        assert organization.nodes(workspace, [units["s1"].id, "zz"])[units["s1"].id].name == "s1 号"
        assert [above.code for above in organization.ancestors(workspace, units["s1"].id)] == ["hq", "north", "dealer", "s1"]


class TestPicture:
    def test_is_fast_at_five_thousand_stores(self, workspace: Workspace) -> None:
        rows = [UnitRow(code="hq", kind=UnitKind.HEADQUARTERS)]
        rows += [UnitRow(code=f"r{number}", kind=UnitKind.REGION, parent_code="hq") for number in range(10)]
        rows += [UnitRow(code=f"s{number}", parent_code=f"r{number % 10}") for number in range(4_980)]
        assert all(outcome.problem is None for outcome in organization.import_units(workspace, by=SYSTEM, rows=rows))
        ids = organization.unit_ids_by_code(workspace, ["hq", "r3"])
        assert len(organization.subtree_ids(workspace, [ids["hq"]])) == 4_991
        begun = time.perf_counter()
        for _ in range(1_000):
            organization.subtree_ids(workspace, [ids["r3"]])
        assert (time.perf_counter() - begun) / 1_000 < 0.000_5

    def test_another_process_notices_soon(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        units = chain(workspace)
        assert len(organization.subtree_ids(workspace, [units["north"].id])) == 4
        monkeypatch.setattr(picture, "drop", lambda _ws: None)
        unit(workspace, "s9", under=units["north"])
        monkeypatch.setattr(picture.time, "monotonic", lambda: time.perf_counter() + 1e9)
        assert len(organization.subtree_ids(workspace, [units["north"].id])) == 5

    def test_what_is_rolled_back_was_never_there(self, workspace: Workspace) -> None:
        units = chain(workspace)

        def half_done() -> None:
            with workspace.sql.write():
                made = unit(workspace, "s9", under=units["north"])
                assert made.id in organization.subtree_ids(workspace, [units["north"].id])
                raise RuntimeError

        with pytest.raises(RuntimeError):
            half_done()
        assert len(organization.subtree_ids(workspace, [units["north"].id])) == 4


class TestNearest:
    def test_by_distance_within_the_scope(self, workspace: Workspace) -> None:
        units = chain(workspace)
        bund = unit(workspace, "bund", under=units["north"], place=Place(121.490, 31.240))
        temple = unit(workspace, "temple", under=units["south"], place=Place(121.446, 31.224))
        unit(workspace, "gone", under=units["north"], place=Place(121.480, 31.235), closed_on=TODAY)
        here = Place(121.4737, 31.2304)
        assert [near.unit.id for near in organization.nearest_stores(workspace, here, by=SYSTEM)] == [bund.id, temple.id]
        (only,) = organization.nearest_stores(workspace, here, by=within(workspace, units["south"]))
        assert only.unit.id == temple.id
        assert 2_600 < only.distance_metres < 2_800

    def test_open_ones(self, workspace: Workspace) -> None:
        here = Place(121.47, 31.23)
        unit(workspace, "shut", place=here)
        late = unit(workspace, "late", place=Place(121.50, 31.23), opening_hours={"wed": (("09:00", "03:00"),)})
        assert [near.unit.id for near in organization.nearest_stores(workspace, here, by=SYSTEM, is_open=True)] == [late.id]

    def test_satellite_readings_meet_chinese_maps(self, workspace: Workspace) -> None:
        unit(workspace, "s1", place=Place(121.531541859215, 31.17530398364597))
        (near,) = organization.nearest_stores(workspace, Place(121.5272106, 31.1774276, CoordinateSystem.WGS84), by=SYSTEM)
        assert near.distance_metres <= 1


class TestRemove:
    def test_takes_back_what_an_import_made(self, workspace: Workspace) -> None:
        outcomes = organization.import_units(
            workspace, by=SYSTEM, rows=[UnitRow(code="r", kind=UnitKind.REGION), UnitRow(code="s", parent_code="r")]
        )
        assert organization.remove_units(workspace, by=SYSTEM, unit_ids=[outcome.id or "" for outcome in outcomes]) == 2
        assert organization.list_units(workspace, by=SYSTEM).rows == []

    def test_not_while_something_hangs_on_it(self, workspace: Workspace) -> None:
        units = chain(workspace)
        member(workspace, "e1", units["s1"])
        for code in ("north", "s1"):
            with pytest.raises(errors.StillNeeded):
                organization.remove_units(workspace, by=SYSTEM, unit_ids=[units[code].id])
