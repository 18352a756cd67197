"""Official Accounts and Mini Programs: followers join One-ID, following is consent, messages are sent once; the diagnosis."""

import datetime as dt
import random

import pytest

from tests.support.corps import Corp, corp
from wecom_simulator.official.accounts import Account as Simulated
from wecom_simulator.official.accounts import Official
from wecom_simulator.world import Person
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.followers import CheckState, NoticeDraft, NoticeKind, NoticeState
from wellspring.channels.contracts.ways import EntranceState, SceneDraft
from wellspring.channels.repo import followers as rows
from wellspring.channels.service import followers, minis, notices
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import TooMany
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind

__all__ = ["corp"]


@pytest.fixture
def official(corp: Corp) -> str:
    return _connect(corp, "official", AccountKind.OFFICIAL)


@pytest.fixture
def mini(corp: Corp) -> str:
    return _connect(corp, "mini", AccountKind.MINI)


def _simulated(corp: Corp, kind: str) -> Simulated:
    return Official.of(corp.sim.world).account("", kind)


def _connect(corp: Corp, kind: str, as_kind: AccountKind) -> str:
    there = _simulated(corp, kind)
    draft = AccountDraft(as_kind, there.name, there.appid, secret=there.secret, host=f"{corp.sim.url}/official")
    return channels.connect(corp.ws, by=SYSTEM, draft=draft).id


def _openid(corp: Corp, name: str, kind: str = "official") -> str:
    person = corp.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
    return corp.sim.world.openid(person, _simulated(corp, kind).appid)


def _hear(corp: Corp, account_id: str, *told: tuple[str, str, str, dt.datetime]) -> None:
    account = channels.account(corp.ws, account_id)
    for number, (event, openid, key, at) in enumerate(told):
        followers.heard(corp.ws, account, {"Event": event, "FromUserName": openid, "EventKey": key}, at, number)
    corp.hear()


class TestFollowing:
    def test_a_follower_is_the_member_of_the_same_unionid_and_consents(self, corp: Corp, official: str) -> None:
        openid = _openid(corp, "wang")
        known = corp.befriend("anna", "wang") if corp.hire("anna") is None else ""
        corp.sim.act("follow", person="owang")
        now = corp.ws.clock.now()
        _hear(corp, official, ("subscribe", openid, "qrscene_poster-1", now))
        [row] = channels.followers(corp.ws, account_id=official).rows
        assert (row.is_following, row.member_no, row.scene) == (True, corp.number(known), "poster-1")
        assert row.member_no in people.reachable(corp.ws, "official_account")
        corp.advance(hours=1)
        corp.sim.act("unfollow", person="owang")
        _hear(corp, official, ("unsubscribe", openid, "", corp.ws.clock.now()))
        [row] = channels.followers(corp.ws, account_id=official).rows
        assert not row.is_following
        assert row.member_no not in people.reachable(corp.ws, "official_account")

    @pytest.mark.parametrize("seed", range(2))
    def test_any_order_ends_alike(self, corp: Corp, official: str, seed: int) -> None:
        openid, start = _openid(corp, "li"), corp.ws.clock.now() - dt.timedelta(days=1)
        corp.sim.act("follow", person="oli")
        told = [
            ("subscribe", openid, "qrscene_a", start),
            ("unsubscribe", openid, "", start + dt.timedelta(hours=1)),
            ("subscribe", openid, "qrscene_b", start + dt.timedelta(hours=2)),
            ("SCAN", openid, "c", start + dt.timedelta(hours=3)),
        ] * 2
        random.Random(seed).shuffle(told)
        _hear(corp, official, *told)
        [row] = channels.followers(corp.ws, account_id=official).rows
        assert (row.is_following, row.unfollowed_at) == (True, start + dt.timedelta(hours=1))

    def test_a_walk_finds_who_follows_and_who_left(self, corp: Corp, official: str) -> None:
        for name in ("wang", "li"):
            _openid(corp, name)
            corp.sim.act("follow", person=f"o{name}")
        channels.sync_followers(corp.ws, by=SYSTEM, account_id=official)
        corp.hear()
        assert len(channels.followers(corp.ws, account_id=official, is_following=True).rows) == 2
        corp.sim.act("unfollow", person="oli")
        channels.sync_followers(corp.ws, by=SYSTEM, account_id=official)
        corp.hear()
        assert len(channels.followers(corp.ws, account_id=official, is_following=True).rows) == 1

    def test_a_code_with_a_scene_is_made(self, corp: Corp, official: str) -> None:
        made = channels.create_scene(corp.ws, by=SYSTEM, account_id=official, draft=SceneDraft("poster-1", 3600))
        assert made.state is EntranceState.ACTIVE
        assert made.address is not None


class TestSending:
    def test_a_template_is_sent_and_its_end_is_heard(self, corp: Corp, official: str) -> None:
        openid = _openid(corp, "wang")
        corp.sim.act("follow", person="owang")
        template = next(one for one in _simulated(corp, "official").templates.values() if one.kind == "template")
        words = {"time": "2026-03-18 12:00", "amount": "¥9.90", "date": "2026-03-18"}
        values = {key: words.get(key.rstrip("0123456789"), "1") for key in template.keys}
        draft = NoticeDraft(official, NoticeKind.TEMPLATE, openid, template.template_id, values)
        sent = channels.send_notice(corp.ws, by=SYSTEM, draft=draft)
        assert (sent.state, sent.error_code) == (NoticeState.ACCEPTED, None)
        with corp.ws.sql.read() as tx:
            row = rows.notice(tx, sent.id)
        assert row is not None
        done = {"MsgID": row.remote_id, "Status": "success"}
        notices.heard(corp.ws, channels.account(corp.ws, official), done, corp.ws.clock.now(), 1)
        assert channels.notice(corp.ws, notice_id=sent.id).state is NoticeState.DELIVERED

    def test_an_unanswered_message_is_not_sent_again(self, corp: Corp) -> None:
        corp.hire("anna")
        corp.spoil("cut", "message/send")
        draft = NoticeDraft(corp.account_id, NoticeKind.APP, "anna", values={"text": "测试"})
        sent = channels.send_notice(corp.ws, by=SYSTEM, draft=draft)
        corp.advance(hours=1)
        assert channels.notice(corp.ws, notice_id=sent.id).state is NoticeState.UNKNOWN


class TestMini:
    def test_whoever_opens_a_program_is_known_by_unionid(self, corp: Corp, mini: str) -> None:
        openid = _openid(corp, "wang", "mini")
        session = channels.mini_session(corp.ws, account_id=mini, js_code=_code(corp, "owang"))
        assert (session.openid, session.has_unionid) == (openid, True)
        [number] = people.find(corp.ws, [Identity(IdentityKind.UNIONID, "owang")])
        assert session.member_no == number

    def test_a_login_gives_a_token_that_tells_who_it_is_for_two_hours(self, corp: Corp, mini: str) -> None:
        openid = _openid(corp, "wang", "mini")
        made = channels.mini_login(corp.ws, account_id=mini, js_code=_code(corp, "owang"), address="10.0.0.1")
        assert (made.openid, made.appid) == (openid, _simulated(corp, "mini").appid)
        [number] = people.find(corp.ws, [Identity(IdentityKind.UNIONID, "owang")])
        found = channels.mini_signed_in(corp.ws, token=made.token)
        assert (found.account_id, found.openid, found.member_no) == (mini, openid, number)
        for wrong in (made.token[:-6] + "AAAAAA", "x", "é", ""):
            with pytest.raises(errors.MiniTokenRefused):
                channels.mini_signed_in(corp.ws, token=wrong)
        corp.advance(hours=2)
        with pytest.raises(errors.MiniTokenRefused):
            channels.mini_signed_in(corp.ws, token=made.token)

    def test_a_code_is_good_once_and_who_guesses_is_slowed_down(self, corp: Corp, mini: str) -> None:
        _openid(corp, "wang", "mini")
        code = _code(corp, "owang")
        channels.mini_login(corp.ws, account_id=mini, js_code=code, address="10.0.0.2")
        for _ in range(minis.FAILURES_MAX):
            with pytest.raises(errors.MiniCodeRefused):
                channels.mini_login(corp.ws, account_id=mini, js_code=code, address="10.0.0.2")
        with pytest.raises(TooMany):
            channels.mini_login(corp.ws, account_id=mini, js_code=_code(corp, "owang"), address="10.0.0.2")
        assert channels.mini_login(corp.ws, account_id=mini, js_code=_code(corp, "owang"), address="10.0.0.3").token
        corp.advance(minutes=10)
        assert channels.mini_login(corp.ws, account_id=mini, js_code=_code(corp, "owang"), address="10.0.0.2").token

    def test_only_a_mini_program_is_signed_in_to(self, corp: Corp, official: str) -> None:
        with pytest.raises(errors.KindMismatch):
            channels.mini_login(corp.ws, account_id=official, js_code="x", address="10.0.0.4")


def _code(corp: Corp, person: str) -> str:
    told = corp.sim.act("open_mini", person=person)
    return str(told.get("result", told)["js_code"])


class TestDiagnosis:
    def test_a_sound_account_says_what_is_left_to_do(self, corp: Corp) -> None:
        corp.hire("anna")
        found = {one.code: one for one in channels.diagnose(corp.ws, account_id=corp.account_id).checks}
        assert found["credentials"].state is CheckState.OK
        assert found["customer_contact"].state is CheckState.OK
        assert found["callbacks"].state is CheckState.BAD
        assert found["callbacks"].what_to_do_zh
        assert all(one.zh and one.en for one in found.values())

    def test_a_missing_permission_is_told_with_what_to_do(self, corp: Corp) -> None:
        corp.sim.app.permissions = frozenset({"directory"})
        found = {one.code: one for one in channels.diagnose(corp.ws, account_id=corp.account_id).checks}
        assert (found["customer_contact"].state, found["customer_contact"].facts["errcode"]) == (CheckState.BAD, 48002)
        assert "可调用接口" in found["customer_contact"].what_to_do_zh

    def test_an_address_that_is_not_trusted_is_told(self, corp: Corp) -> None:
        corp.sim.app.trusted_ips = ("203.0.113.1",)
        found = channels.diagnose(corp.ws, account_id=corp.account_id)
        assert found.worst is CheckState.BAD
        assert next(one for one in found.checks if one.code == "trusted_ip").state is CheckState.BAD
