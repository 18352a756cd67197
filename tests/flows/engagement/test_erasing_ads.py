"""Whoever is erased leaves the ad audiences that they were given to: told once, retried while in doubt, and then forgotten (P04)."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
import pytest
import sqlalchemy as sa
from pyroaring import BitMap

from tests.support.parcels import connect, phones_of
from tests.support.touching import FakeCarrier
from tests.support.vendors import DROP, Vendor, vending
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountKind
from wellspring.channels.contracts.followers import Check, CheckState
from wellspring.channels.contracts.sends import Channel
from wellspring.channels.models.removals import removal_table
from wellspring.channels.service import removing
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.service import carrying, dispatching, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

PHONES = ("+8613900139001", "+8613900139002")


@dataclass
class Uploaded:
    """Two people, of whom the first is in an ad audience."""

    ws: Workspace
    vendor: Vendor
    numbers: list[int]
    account_id: str

    def erase(self, place: int) -> None:
        member = people.members_of(self.ws, by=SYSTEM, member_nos=self.numbers)[self.numbers[place]]
        people.erase(self.ws, by=SYSTEM, member_id=member.id)

    def removals(self) -> list[sa.Row[tuple[object, ...]]]:
        with self.ws.sql.read() as tx:
            return list(tx.execute(sa.select(removal_table)))

    def check(self) -> Check:
        """What the account's diagnosis says of those who were erased."""
        return next(one for one in channels.diagnose(self.ws, account_id=self.account_id).checks if one.code == "removals")

    def wait(self, **length: float) -> None:
        self.ws.clock.move_to(self.ws.clock.now() + dt.timedelta(**length))  # type: ignore[attr-defined]


@pytest.fixture
def uploaded(workspace: Workspace) -> Iterator[Uploaded]:
    before = list(carrying._named)
    with vending() as vendor:
        account_id = connect(workspace, AccountKind.ADS, vendor.url, audience_id="aud-1")
        recipients = phones_of(workspace, *PHONES)
        fake = FakeCarrier(BitMap(one.member_no for one in recipients))
        fake.can[Channel.ADS] = dataclasses.replace(fake.can[Channel.SMS], channel=Channel.ADS)
        fake.shared = {one.member_no: one.address for one in recipients}
        carrying.use(fake)
        ask = Ask(Origin(OriginKind.CAMPAIGN, "cmp_1", 1), "cmp_1:1", "mat_1", Channel.ADS, account_id)
        with workspace.sql.write() as tx:
            touching.ask(workspace, tx, ask, BitMap([recipients[0].member_no]), workspace.clock.now())
        dispatching.drain(workspace)
        yield Uploaded(workspace, vendor, [one.member_no for one in recipients], account_id)
    carrying._named[:] = before


def hashed(phone: str) -> str:
    return hashlib.sha256(phone.removeprefix("+86").encode()).hexdigest()


def test_p04_the_platform_is_told_to_drop_the_erased_and_then_nothing_is_left(uploaded: Uploaded) -> None:
    uploaded.erase(0)
    (waiting,) = uploaded.removals()
    assert PHONES[0].encode() not in waiting.sealed
    assert removing.step(uploaded.ws) == 1
    (taken,) = uploaded.vendor.taken
    told = orjson.loads(taken.raw)
    assert (told["operation"], told["audience_id"], told["values"]) == ("remove", "aud-1", [hashed(PHONES[0])])
    assert taken.headers["idempotency-key"] == waiting.id
    (done,) = uploaded.removals()
    assert (done.state, done.sealed) == ("done", b"")
    assert removing.step(uploaded.ws) == 0


def test_p04_a_platform_hears_of_nobody_whom_it_was_not_given(uploaded: Uploaded) -> None:
    uploaded.erase(1)
    assert uploaded.removals() == []
    assert removing.step(uploaded.ws) == 0


def test_p04_what_was_not_surely_heard_is_told_again_under_the_same_key(uploaded: Uploaded) -> None:
    uploaded.erase(0)
    uploaded.vendor.modes.extend([DROP, 503])
    for _ in range(3):
        removing.step(uploaded.ws)
        assert removing.step(uploaded.ws) == 0
        uploaded.wait(minutes=10)
    assert len({taken.headers["idempotency-key"] for taken in uploaded.vendor.taken}) == 1
    assert [row.state for row in uploaded.removals()] == ["done"]


def test_p04_what_is_never_heard_stays_in_sight(uploaded: Uploaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removing, "ATTEMPTS_MAX", 2)
    uploaded.erase(0)
    uploaded.vendor.modes.extend([400, 400])
    for _ in range(3):
        removing.step(uploaded.ws)
        uploaded.wait(hours=1)
    (failed,) = uploaded.removals()
    assert (failed.state, failed.attempts, failed.sealed) == ("failed", 2, b"")
    assert failed.problem
    check = uploaded.check()
    assert (check.state, check.facts["failed"], check.facts["problem"]) == (CheckState.BAD, 1, failed.problem)


def test_p04_the_diagnosis_says_whom_the_platform_has_yet_to_drop(uploaded: Uploaded) -> None:
    assert (uploaded.check().state, uploaded.check().facts["waiting"]) == (CheckState.OK, 0)
    uploaded.erase(0)
    uploaded.vendor.modes.append(503)
    assert (uploaded.check().state, uploaded.check().facts["waiting"]) == (CheckState.OK, 1)
    removing.step(uploaded.ws)
    assert (uploaded.check().state, uploaded.check().facts["waiting"]) == (CheckState.WARN, 1)
    uploaded.wait(minutes=10)
    removing.step(uploaded.ws)
    assert (uploaded.check().state, uploaded.check().facts["waiting"]) == (CheckState.OK, 0)
