"""Several parcels handed over at once: each as if it were alone, with fewer transactions."""

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.parcels import connect, parcel_of, phones_of
from tests.support.vendors import ACCEPT, DROP, HANG_UP, REFUSE, Vendor, vending
from wellspring.channels import api as channels
from wellspring.channels.adapters.wecom import hosts, pace
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountKind
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel
from wellspring.channels.repo import calls
from wellspring.kernel import failpoints
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.workspace import Workspace


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vendors of this machine may be called on a clock that goes, too."""
    monkeypatch.setattr(hosts, "may_call_loopback", lambda _ws, _host: True)


def made(ws: Workspace, vendor: Vendor, count: int) -> list[Parcel]:
    account_id = connect(ws, AccountKind.SMS, vendor.url)
    [one] = phones_of(ws, "+8613800138000")
    return [parcel_of(account_id, Channel.SMS, [one]) for _ in range(count)]


def on_time(ws: Workspace) -> Workspace:
    """On a clock that goes, several are under way at once."""
    return dataclasses.replace(ws, clock=SystemClock())


def delivered(ws: Workspace, parcels: list[Parcel]) -> dict[str, Outcome]:
    """The outcomes by key, each told once."""
    told = [(parcel.key, outcome) for ended in sends.deliver_several(ws, parcels) for parcel, outcome in ended]
    assert sorted(key for key, _ in told) == sorted(parcel.key for parcel in parcels)
    return dict(told)


def keys(vendor: Vendor) -> list[str]:
    return [taken.body["key"] for taken in vendor.taken]


def test_d05_i25_each_has_its_own_end_and_is_taken_once(workspace: Workspace) -> None:
    with vending() as vendor:
        parcels = made(workspace, vendor, 24)
        vendor.modes.extend([ACCEPT, REFUSE, DROP, HANG_UP, 503, ACCEPT] * 4)
        first = delivered(on_time(workspace), parcels)
        assert Counter(outcome.state.value for outcome in first.values()) == {"accepted": 8, "refused": 4, "unknown": 12}
        assert {key for key, outcome in first.items() if outcome.state is OutcomeState.ACCEPTED} < set(keys(vendor))
        # Handed over once more nothing is called, and the first outcome stands.
        assert delivered(on_time(workspace), parcels) == first
        assert vendor.calls == 24
        assert all(sends.outcome_of(workspace, key) == outcome for key, outcome in first.items())


def test_they_share_their_transactions(workspace: Workspace) -> None:
    with vending() as vendor:
        parcels = made(workspace, vendor, 24)
        commits: list[object] = []
        sa.event.listen(workspace.sql.engine, "commit", commits.append)
        delivered(on_time(workspace), parcels)
        assert len(commits) < len(parcels)


def test_d03_two_workers_with_the_same_parcels_call_each_once(workspace: Workspace) -> None:
    with vending() as vendor:
        parcels = made(workspace, vendor, 16)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda mine: delivered(on_time(workspace), mine), [parcels, parcels[::-1]]))
        assert sorted(keys(vendor)) == sorted(parcel.key for parcel in parcels)
        # Who came second knows only that the other was calling.
        assert all(OutcomeState.ACCEPTED in {one[parcel.key].state for one in found} for parcel in parcels)


def test_d11_after_a_limit_the_rest_is_spared(workspace: Workspace) -> None:
    with vending() as vendor:
        parcels = made(workspace, vendor, 5)
        vendor.modes.extend([ACCEPT, 429])
        found = delivered(workspace, parcels)
        assert [found[parcel.key].state.value for parcel in parcels] == ["accepted", "later", "later", "later", "later"]
        assert vendor.calls == 2
        assert [sends.outcome_of(workspace, parcel.key) is None for parcel in parcels] == [False, False, True, True, True]


def test_what_was_looked_at_too_long_ago_is_not_called(workspace: Workspace) -> None:
    with vending() as vendor:
        [fresh, late] = made(workspace, vendor, 2)
        late = dataclasses.replace(late, until=workspace.clock.now())
        fresh = dataclasses.replace(fresh, until=workspace.clock.now() + dt.timedelta(seconds=5))
        found = delivered(workspace, [late, fresh])
        assert found[late.key] == Outcome(OutcomeState.LATER)
        assert keys(vendor) == [fresh.key]
        # Nothing was done, so it may go after the next look.
        assert sends.deliver(workspace, dataclasses.replace(late, until=None)).state is OutcomeState.ACCEPTED


def test_what_cannot_be_handed_over_at_all_is_refused_beside_the_others(workspace: Workspace) -> None:
    with vending() as vendor:
        [one, other, third] = made(workspace, vendor, 3)
        found = delivered(workspace, [one, dataclasses.replace(other, account_id="acc_gone"), dataclasses.replace(third, recipients=())])
        assert [found[parcel.key].problem for parcel in (one, other, third)] == ["", "channels.account_unknown", "channels.batch_size"]
        assert keys(vendor) == [one.key]


def test_who_listens_may_fail_and_what_is_under_way_is_kept(workspace: Workspace) -> None:
    with vending() as vendor:
        parcels = made(workspace, vendor, 40)
        ws = on_time(workspace)

        def listen() -> None:
            for _ in sends.deliver_several(ws, parcels):
                raise RuntimeError

        with pytest.raises(RuntimeError):
            listen()
        found = [sends.outcome_of(ws, parcel.key) for parcel in parcels]
        assert {outcome.state for outcome in found if outcome is not None} == {OutcomeState.ACCEPTED}
        assert len(vendor.taken) == sum(outcome is not None for outcome in found) < len(parcels)


_PASSAGES = ("channels.send.claimed", "channels.outward.before", "channels.outward.after", "channels.send.called")


class _Died(BaseException):
    """Stands for a kill: nobody catches it."""


class TestR1:
    """A process that dies while several are under way (INVARIANTS R1, I25)."""

    @pytest.mark.parametrize("passage", _PASSAGES)
    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_nothing_is_taken_twice(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, passage: str, at: int) -> None:
        with vending() as vendor:
            parcels = made(workspace, vendor, 4)
            passages = itertools.count(1)

            def hit(name: str) -> None:
                if name == passage and next(passages) == at:
                    raise _Died

            with monkeypatch.context() as dying, pytest.raises(_Died):
                dying.setattr(failpoints, "hit", hit)
                delivered(workspace, parcels)
            taken = set(keys(vendor))
            found = delivered(workspace, parcels)
            assert sorted(keys(vendor)) == sorted(set(keys(vendor)))
            for parcel in parcels:
                # Whatever was not surely handed over, or surely not, is unknown; nothing is called refused that was taken.
                state = found[parcel.key].state
                assert state in (OutcomeState.ACCEPTED, OutcomeState.UNKNOWN)
                assert state is OutcomeState.UNKNOWN or parcel.key in keys(vendor)
            unknown = {key for key, outcome in found.items() if outcome.state is OutcomeState.UNKNOWN}
            assert len(unknown) <= 1
            assert taken <= set(keys(vendor))


def test_d11_what_the_pace_gives_out_is_lost_to_nobody(workspace: Workspace) -> None:
    with vending() as vendor:
        [parcel] = made(workspace, vendor, 1)
        ws = on_time(workspace)
        account = channels.account(ws, parcel.account_id)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: pace.admit(ws, account, "send/sms", per_second=50.0), range(36)))
        with ws.sql.read() as tx:
            row: Any = calls.row(tx, account.id, "send/sms")
        # Lots of twelve.
        assert row["day_calls"] == 36
