"""A code on a package: scanned, bound once, shown as taken to others; wrong codes are slowed down; lists are streams."""

import csv
import datetime as dt
import gzip
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.items import ADDRESS, batch_of, codes_of, scanner
from tests.support.tags import people_of
from wellspring.acquisition.api import item_codes as api
from wellspring.acquisition.contracts.item_codes import BatchState, Standing
from wellspring.acquisition.errors import item_codes as errors
from wellspring.acquisition.handlers.item_codes import SUBSCRIBERS
from wellspring.acquisition.rules.item_codes import printed
from wellspring.acquisition.service import guessing
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import Invalid, TooMany
from wellspring.kernel.workspace import Workspace

LINK = "https://brand.example/i/demo."


def told(ws: Workspace) -> list[str]:
    with ws.sql.read() as tx:
        return [name for name, _ in bus.since(tx, "acquisition.", 0, limit=100)]


class TestScan:
    def test_the_first_scan_binds_nothing_and_the_first_press_does(self, workspace: Workspace, clock: VirtualClock) -> None:
        code = codes_of(workspace, batch_of(workspace, 100), 1)[0]
        seen = api.look(workspace, code=printed(code).lower(), scanner=scanner(1), address=ADDRESS)
        assert (seen.standing, seen.scans, seen.bound_at) == (Standing.FRESH, 1, None)
        clock.move_to(clock.now() + dt.timedelta(minutes=1))
        bound = api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        assert (bound.standing, bound.bound_at) == (Standing.MINE, clock.now())
        assert told(workspace) == ["acquisition.item_bound"]

    def test_a_later_scan_of_another_sees_when_it_was_taken(self, workspace: Workspace, clock: VirtualClock) -> None:
        batch_id = batch_of(workspace, 100)
        code = codes_of(workspace, batch_id, 1)[0]
        first_at = clock.now()
        api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        clock.move_to(clock.now() + dt.timedelta(days=3))
        seen = api.look(workspace, code=code, scanner=scanner(2), address=ADDRESS)
        assert (seen.standing, seen.first_at, seen.scans) == (Standing.TAKEN, first_at, 2)
        with pytest.raises(errors.ItemCodeTaken):
            api.claim(workspace, code=code, scanner=scanner(2), address=ADDRESS)
        assert [(one.code, one.others) for one in api.suspects(workspace, batch_id=batch_id)] == [(printed(code), 1)]
        assert api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS).standing is Standing.MINE

    def test_a_machine_counts_nowhere(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 100)
        code = codes_of(workspace, batch_id, 1)[0]
        assert api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS, counts=False).scans == 0
        assert api.batch(workspace, batch_id=batch_id).scanned == 0

    def test_fifty_presses_at_once_bind_once(self, workspace: Workspace) -> None:
        code = codes_of(workspace, batch_of(workspace, 100), 1)[0]

        def press(number: int) -> bool:
            try:
                api.claim(workspace, code=code, scanner=scanner(number), address=ADDRESS)
            except errors.ItemCodeTaken:
                return False
            return True

        with ThreadPoolExecutor(12) as pool:
            assert sum(pool.map(press, range(50))) == 1
        assert told(workspace) == ["acquisition.item_bound"]

    def test_a_void_batch_is_void(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 100)
        code = codes_of(workspace, batch_id, 1)[0]
        api.change_batch(workspace, by=SYSTEM, batch_id=batch_id, values={"state": str(BatchState.VOID)})
        assert api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS).standing is Standing.VOID
        with pytest.raises(errors.ItemCodeTaken):
            api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS)

    def test_figures_by_day(self, workspace: Workspace, clock: VirtualClock) -> None:
        batch_id = batch_of(workspace, 100)
        codes = codes_of(workspace, batch_id, 5)
        for number, code in enumerate(codes):
            api.look(workspace, code=code, scanner=scanner(number), address=ADDRESS)
        api.claim(workspace, code=codes[0], scanner=scanner(0), address=ADDRESS)
        clock.move_to(clock.now() + dt.timedelta(hours=13))
        api.look(workspace, code=codes_of(workspace, batch_id, 1, first=50)[0], scanner=scanner(9), address=ADDRESS)
        days = [(one.day, one.scanned, one.bound) for one in api.days(workspace, batch_id=batch_id)]
        assert days == [(dt.date(2026, 3, 18), 5, 1), (dt.date(2026, 3, 19), 1, 0)]
        found = api.batch(workspace, batch_id=batch_id)
        assert (found.scanned, found.scans, found.bound, found.members, found.suspicious) == (6, 6, 1, 0, 0)


class TestMembers:
    def test_a_known_member_is_bound_once_for_ever(self, workspace: Workspace) -> None:
        first, second = people_of(workspace, 2)
        code = codes_of(workspace, batch_of(workspace, 100), 1)[0]
        assert api.bind_member(workspace, code=code, member_no=first).standing is Standing.MINE
        assert api.bind_member(workspace, code=code, member_no=first).standing is Standing.MINE
        with pytest.raises(errors.ItemCodeTaken):
            api.bind_member(workspace, code=code, member_no=second)

    def test_a_known_member_is_told_in_their_export_and_forgotten_when_erased(self, workspace: Workspace) -> None:
        member_no = people_of(workspace, 1)[0]
        code = codes_of(workspace, batch_of(workspace, 100), 1)[0]
        api.bind_member(workspace, code=code, member_no=member_no)
        assert [one["code"] for one in api.of_person(workspace, member_nos=[member_no])] == [printed(code)]
        with workspace.sql.write() as tx:
            SUBSCRIBERS[0].handler(workspace, tx, {"member_nos": [member_no]})
        assert api.of_person(workspace, member_nos=[member_no]) == []
        assert api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS).standing is Standing.TAKEN


class TestGuesses:
    def test_after_ten_wrong_codes_an_address_waits(self, workspace: Workspace, clock: VirtualClock) -> None:
        code = codes_of(workspace, batch_of(workspace, 100), 1)[0]
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        for text in [wrong, "short", "U" * 20, *[wrong] * 7]:
            with pytest.raises(errors.ItemCodeUnknown):
                api.look(workspace, code=text, scanner=scanner(1), address=ADDRESS)
        with pytest.raises(TooMany) as slowed:
            api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        assert slowed.value.params["seconds"] == 600
        assert api.look(workspace, code=code, scanner=scanner(1), address=b"b" * 16).scans == 1
        clock.move_to(clock.now() + guessing.WINDOW)
        assert api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS).scans == 2
        assert api.forget_guesses(workspace) == 1

    def test_a_serial_beyond_the_batch_is_no_code(self, workspace: Workspace) -> None:
        code = codes_of(workspace, batch_of(workspace, 10), 1, first=10)[0]
        with pytest.raises(errors.ItemCodeUnknown):
            api.look(workspace, code=code, scanner=scanner(1), address=ADDRESS)

    def test_two_batches_do_not_share_a_key(self, workspace: Workspace) -> None:
        first, second = batch_of(workspace, 100), batch_of(workspace, 100)
        code = codes_of(workspace, first, 1)[0]
        swapped = codes_of(workspace, second, 1)[0][:3] + code[3:]
        with pytest.raises(errors.ItemCodeUnknown):
            api.look(workspace, code=swapped, scanner=scanner(1), address=ADDRESS)


class TestLists:
    def test_the_list_opens_in_a_spreadsheet_and_every_code_is_genuine(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 20_000)
        packed = b"".join(api.export(workspace, by=SYSTEM, batch_id=batch_id, address=LINK))
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8-sig"))))
        assert len({row["code"] for row in rows}) == 20_000
        assert all(row["link"] == LINK + row["code"].replace("-", "") for row in rows)
        for row in rows[::4_000]:
            assert api.look(workspace, code=row["link"].rpartition(".")[2], scanner=scanner(1), address=ADDRESS).scans == 1

    def test_a_part_of_the_list_is_the_same_part(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 100)
        packed = b"".join(api.export(workspace, by=SYSTEM, batch_id=batch_id, address=LINK, first=11, last=12))
        lines = gzip.decompress(packed).decode("utf-8-sig").split()
        assert [line.split(",")[0] for line in lines[1:]] == [printed(code) for code in codes_of(workspace, batch_id, 2, first=10)]
        with pytest.raises(Invalid):
            api.export(workspace, by=SYSTEM, batch_id=batch_id, address=LINK, first=11, last=101)

    def test_a_zip_of_pictures_and_each_giving_out_is_audited(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 5_000)
        packed = b"".join(api.pictures(workspace, by=SYSTEM, batch_id=batch_id, address=LINK, first=1, last=3))
        names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
        assert names == [f"{printed(code)}.svg" for code in codes_of(workspace, batch_id, 3)]
        with pytest.raises(errors.TooManyPictures):
            api.pictures(workspace, by=SYSTEM, batch_id=batch_id, address=LINK, first=1, last=2_001)
        with workspace.sql.read():
            said = [entry.action for entry in audit.listing(workspace.sql).rows]
        assert said[0] == "acquisition.item_codes_export"

    def test_batches_are_listed_with_their_figures(self, workspace: Workspace) -> None:
        ids = [batch_of(workspace, 10, f"批次{number}") for number in range(3)]
        page = api.batches(workspace, limit=2)
        assert ([one.id for one in page.rows], page.total) == ([ids[2], ids[1]], 3)
        rest = api.batches(workspace, cursor=page.next_cursor, limit=2)
        assert ([one.id for one in rest.rows], rest.next_cursor) == ([ids[0]], None)
        with pytest.raises(Invalid):
            batch_of(workspace, 0)
