"""The client: one token for all, repetition only where it is safe, limits that cost time and never a call too many."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.corps import Corp, corp
from wecom_simulator.faults import Faults
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.adapters.wecom import client, hosts
from wellspring.channels.contracts import Account, AccountDraft, AccountKind
from wellspring.channels.repo import accounts as account_rows
from wellspring.channels.repo import calls
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.outbound import AddressRefused

__all__ = ["corp"]
LIST, WAY = "externalcontact/get_follow_user_list", "externalcontact/add_contact_way"


@pytest.fixture
def account(corp: Corp) -> Account:
    corp.hire("anna")
    return channels.account(corp.ws, corp.account_id)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every token that was asked for."""
    asked: list[str] = []
    fetch = client._fetch_token

    def noted(ws: Any, account: Account) -> tuple[str, int]:
        asked.append(account.id)
        return fetch(ws, account)

    monkeypatch.setattr(client, "_fetch_token", noted)
    return asked


def _way() -> dict[str, Any]:
    return {"type": 1, "scene": 2, "user": ["anna"]}


class TestToken:
    def test_many_threads_ask_for_one(self, corp: Corp, account: Account, fetched: list[str]) -> None:
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: client.call(corp.ws, account, LIST), range(24)))
        assert all("anna" in answer["follow_user"] for answer in answers)
        assert len(fetched) == 1

    def test_an_expiry_in_the_middle_costs_one_fetch(self, corp: Corp, account: Account, fetched: list[str]) -> None:
        client.call(corp.ws, account, LIST)
        corp.sim.http.post("/simulator/tokens/forget", json={}).raise_for_status()
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: client.call(corp.ws, account, LIST), range(24)))
        assert all(answer["errcode"] == 0 for answer in answers)
        assert len(fetched) == 2

    def test_it_is_kept_until_it_ends_and_then_renewed(self, corp: Corp, account: Account, fetched: list[str]) -> None:
        client.call(corp.ws, account, LIST)
        corp.advance(seconds=7_190)
        client.call(corp.ws, account, LIST)
        assert len(fetched) == 1
        corp.advance(seconds=20)
        client.call(corp.ws, account, LIST)
        assert len(fetched) == 2

    def test_a_wrong_secret_is_not_insisted_on(self, corp: Corp, fetched: list[str]) -> None:
        draft = AccountDraft(AccountKind.WECOM, "错", corp.sim.corp.corpid, "77", secret="wrong", host=corp.sim.url)
        wrong = channels.connect(corp.ws, by=SYSTEM, draft=draft)
        for _ in range(20):
            with pytest.raises(errors.ChannelFailed) as refused:
                client.call(corp.ws, wrong, LIST)
            assert refused.value.errcode == 40001
        assert len(fetched) == 1
        corp.advance(seconds=61)
        verdict = channels.check_account(corp.ws, account_id=wrong.id)
        assert (verdict.is_ok, verdict.code, "Secret" in verdict.advice_zh) == (False, 40001, True)
        assert len(fetched) == 2

    def test_it_is_sealed_at_rest(self, corp: Corp, account: Account) -> None:
        client.call(corp.ws, account, LIST)
        with corp.ws.sql.read() as tx:
            row = account_rows.token(tx, account.id, "access")
        assert row is not None
        assert corp.sim.fresh_token().encode() not in row["sealed"]


class TestLostAnswers:
    """R5: what may have been accepted is not made again by itself."""

    @pytest.mark.parametrize("kind", ["cut", "page", "timeout"])
    def test_making_ends_unknown_and_is_made_at_most_once(self, corp: Corp, account: Account, kind: str) -> None:
        corp.spoil(kind, "add_contact_way")
        corp.sim.world.part(Faults).orders[-1].seconds = 2.0 if kind == "timeout" else 0.0
        with pytest.raises(errors.OutcomeUnknown):
            client.call(corp.ws, account, WAY, body=_way(), seconds=1.0)
        assert len(corp.external.ways) <= 1

    @pytest.mark.parametrize("kind", ["cut", "page"])
    def test_reading_is_repeated(self, corp: Corp, account: Account, kind: str) -> None:
        corp.spoil(kind, "get_follow_user_list")
        assert "anna" in client.call(corp.ws, account, LIST)["follow_user"]

    def test_a_busy_platform_is_asked_three_times_more(self, corp: Corp, account: Account) -> None:
        corp.spoil("busy", "add_contact_way", times=3)
        client.call(corp.ws, account, WAY, body=_way())
        assert len(corp.external.ways) == 1
        corp.spoil("busy", "add_contact_way", times=4)
        with pytest.raises(errors.ChannelFailed) as refused:
            client.call(corp.ws, account, WAY, body=_way())
        assert (refused.value.errcode, len(corp.external.ways)) == (-1, 1)

    def test_too_many_at_a_time_waits_and_goes_on(self, corp: Corp, account: Account) -> None:
        corp.spoil("concurrent", "get_follow_user_list", times=2)
        assert client.call(corp.ws, account, LIST)["errcode"] == 0

    def test_unknown_fields_and_numbers_as_texts_are_taken(self, corp: Corp, account: Account) -> None:
        corp.spoil("extra", "get_follow_user_list")
        corp.spoil("types", "get_follow_user_list")
        for _ in range(2):
            assert "anna" in client.call(corp.ws, account, LIST)["follow_user"]

    def test_nobody_there_is_told_as_such(self, corp: Corp, account: Account) -> None:
        draft = AccountDraft(AccountKind.WECOM, "无", "wwnobody", secret="x", host="http://127.0.0.1:9")
        nobody = channels.connect(corp.ws, by=SYSTEM, draft=draft)
        with pytest.raises(errors.ChannelUnreachable):
            client.call(corp.ws, nobody, LIST)


class TestLimit:
    """R7: after the first "limit" at most one call an interval finds out; other APIs go on."""

    def _tries(self, corp: Corp, account: Account, times: int) -> int:
        before = corp.sim.world.part(Faults).counts.get("rate", 0)
        for _ in range(times):
            with pytest.raises(errors.ChannelLimited):
                client.call(corp.ws, account, LIST)
        return corp.sim.world.part(Faults).counts.get("rate", 0) - before

    def _move(self, corp: Corp, seconds: float) -> None:
        assert isinstance(corp.ws.clock, VirtualClock)
        corp.ws.clock.move_to(corp.ws.clock.now() + dt.timedelta(seconds=seconds))

    def test_one_probe_an_interval(self, corp: Corp, account: Account) -> None:
        corp.spoil("rate", "get_follow_user_list", times=100)
        assert self._tries(corp, account, 20) == 1
        self._move(corp, 61)
        assert self._tries(corp, account, 20) == 1
        self._move(corp, 61)
        assert self._tries(corp, account, 20) == 0
        self._move(corp, 60)
        assert self._tries(corp, account, 20) == 1

    def test_others_go_on(self, corp: Corp, account: Account) -> None:
        corp.spoil("rate", "get_follow_user_list", times=100)
        self._tries(corp, account, 1)
        client.call(corp.ws, account, WAY, body=_way())

    def test_the_probe_that_gets_through_opens_it_for_all(self, corp: Corp, account: Account) -> None:
        corp.spoil("rate", "get_follow_user_list")
        self._tries(corp, account, 3)
        self._move(corp, 61)
        for _ in range(3):
            client.call(corp.ws, account, LIST)
        with corp.ws.sql.read() as tx:
            row = next(row for row in calls.of_account(tx, account.id) if row["path"] == LIST)
        assert (row["blocked_until"], row["blocks"], row["problem_code"]) == (None, 0, 45009)


class TestHosts:
    def test_an_address_inside_is_refused_where_nothing_allows_it(self, corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hosts, "may_call_loopback", lambda *_: False)
        for host in ("http://127.0.0.1:8810", "http://169.254.169.254", "http://10.0.0.1", "file:///etc/passwd", "http://[::1]:80"):
            draft = AccountDraft(AccountKind.WECOM, "内网", "wwinside", secret="x", host=host)
            with pytest.raises(AddressRefused):
                channels.connect(corp.ws, by=SYSTEM, draft=draft)

    def test_inner_networks_are_refused_even_in_lab_mode(self, corp: Corp) -> None:
        draft = AccountDraft(AccountKind.WECOM, "内网", "wwinside", secret="x", host="http://10.0.0.1")
        with pytest.raises(AddressRefused):
            channels.connect(corp.ws, by=SYSTEM, draft=draft)

    def test_the_platforms_own_host_needs_no_name(self, corp: Corp) -> None:
        draft = AccountDraft(AccountKind.WECOM, "真", "wwreal", secret="x", host="https://qyapi.weixin.qq.com/")
        assert channels.connect(corp.ws, by=SYSTEM, draft=draft).host == "https://qyapi.weixin.qq.com"


class TestAccounts:
    def test_secrets_go_in_and_never_come_out(self, corp: Corp, account: Account) -> None:
        assert corp.sim.app.secret not in repr(account)
        with corp.ws.sql.read() as tx:
            row = account_rows.account(tx, account.id)
        assert row is not None
        assert corp.sim.app.secret.encode() not in row["secrets"]

    def test_a_paused_account_makes_no_calls(self, corp: Corp, account: Account) -> None:
        paused = channels.pause_account(corp.ws, by=SYSTEM, account_id=account.id)
        with pytest.raises(errors.AccountPaused):
            client.call(corp.ws, paused, LIST)
        assert channels.check_account(corp.ws, account_id=channels.resume_account(corp.ws, by=SYSTEM, account_id=account.id).id).is_ok

    def test_the_same_application_is_connected_once(self, corp: Corp, account: Account) -> None:
        with pytest.raises(errors.AccountTaken):
            channels.connect(corp.ws, by=SYSTEM, draft=AccountDraft(account.kind, "再", account.corp_id, account.agent_id, secret="x"))
