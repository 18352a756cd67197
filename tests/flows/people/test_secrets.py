"""I31 and S10: canaries never stand in plain in any file of a workspace, and keys rotate under load."""

import logging
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support import people as support
from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve
from wellspring.kernel import audit, jobs
from wellspring.kernel.crypto import KeyFile, SealBroken
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people import jobs as people_jobs
from wellspring.people.contracts import ConsentState, ConsentWord
from wellspring.people.errors import IdentityRefused, IdentityTaken
from wellspring.people.models import attribute_table, change_table, identity_table
from wellspring.people.service import resealing

CANARIES = ("13800138123", "canary.person@example.com", "金丝雀张三")


@pytest.mark.one_engine("it reads the database's own files, which a PostgreSQL server keeps elsewhere")
def test_i31_canaries_stand_nowhere_in_plain(ws: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    people_jobs.register()
    phone, email, name = CANARIES
    with caplog.at_level(logging.DEBUG):
        resolve(ws, claim("user_id:u1", f"phone:{phone}", attributes={"email": email, "name": name, "note": f"call {phone}"}))
        resolve(ws, claim("user_id:u2", f"phone:{phone}", attributes={"name": name}))
        here = member_id(ws, 1)
        word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, address=identity(f"phone:{phone}"))
        people.put_consent(ws, by=OPERATOR, member_id=here, word=word)
        people.reveal(ws, by=OPERATOR, member_id=here, fields=["phone", "email", "name"])
        for text in CANARIES:
            people.members(ws, by=OPERATOR, q=text)
        with pytest.raises(IdentityTaken) as taken:
            people.create(ws, by=OPERATOR, identities=[identity(f"phone:{phone}")])
        with pytest.raises(IdentityRefused) as refused:
            people.create(ws, by=OPERATOR, identities=[identity(f"phone:x{phone}x")])
        people.export(ws, by=OPERATOR, member_id=here)
        jobs.run_due(ws)
        people.merge(ws, by=OPERATOR, ids=[here, member_id(ws, 2)])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    everything = b"".join(path.read_bytes() for path in files)
    words = caplog.text + str(taken.value) + str(refused.value) + str(audit.listing(ws.sql).rows)
    for canary in (*CANARIES, "8613800138123"):
        assert canary.encode() not in everything
        assert canary not in words


def test_s10_values_of_another_workspace_do_not_open(tmp_path: Path) -> None:
    one, other = support.workspace(tmp_path / "a", slug="one"), support.workspace(tmp_path / "b", slug="other")
    sealed = one.keys.seal("+8613800138123", context="people.phone")
    with pytest.raises(SealBroken):
        other.keys.open(sealed, context="people.phone")
    with pytest.raises(SealBroken):
        one.keys.open(sealed, context="people.email")
    assert one.keys.blind("people.phone", "x") != other.keys.blind("people.phone", "x")


def test_s10_keys_rotate_under_load(tmp_path: Path) -> None:
    keys = KeyFile(active="k1", masters={"k1": b"m" * 32}, blind=b"b" * 32)
    before = support.workspace(tmp_path, keys=keys)
    resolve(before, *[claim(f"phone:138000{number:05d}", attributes={"name": f"张{number}"}) for number in range(1200)])
    before.sql.close()
    keys.rotate()
    ws = support.workspace(tmp_path, keys=keys)
    people_jobs.register()
    with ws.sql.write() as tx:
        job_id = jobs.enqueue(ws, tx, resealing.JOB, {})
    loader = threading.Thread(target=lambda: [resolve(ws, claim(f"phone:139000{number:05d}")) for number in range(50)])
    loader.start()
    jobs.run_due(ws)
    loader.join()
    assert jobs.get(ws, job_id).result == {"sealed": 3600}
    with ws.sql.read() as tx:
        for table in (identity_table, attribute_table, change_table):
            used = {
                ws.keys.key_id(bytes(sealed))
                for sealed in tx.execute(sa.select(table.c.sealed).where(table.c.sealed.is_not(None))).scalars()
            }
            assert used == {"k2"}
    assert people.reveal(ws, by=OPERATOR, member_id=member_id(ws, 7), fields=["phone", "name"]).phones == ("+8613800000006",)
    assert resealing.reseal(ws, report=lambda *_: None) == 0
    assert resealing.keep_up(ws, report=lambda *_: pytest.fail("it has been gone over")) == 0
    ws.sql.close()


def test_p06_two_workspaces_of_one_process_know_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = support.workspace(tmp_path / "a", slug="one"), support.workspace(tmp_path / "b", slug="other")
    resolve(one, claim("user_id:first"), claim("user_id:u1", "phone:13800138123"))
    resolve(one, claim("user_id:u1"))
    assert people.find(other, [identity("user_id:u1"), identity("phone:13800138123")]) == [0, 0]
    assert resolve(other, claim("user_id:u1")).member_nos == [1]
    people.erase(other, by=OPERATOR, member_id=member_id(other, 1))
    assert resolve(one, claim("user_id:u1")).member_nos == [2]
    assert resolve(other, claim("user_id:u1")).refused[0].code == "people.suppressed"
