"""Messages of Official Accounts and Mini Programs as parcels: templates, notices, customer service; what is heard of them."""

import uuid
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.corps import Corp, corp
from wecom_simulator.official.accounts import Account as Simulated
from wecom_simulator.official.accounts import Official
from wecom_simulator.world import Person
from wellspring.channels import api as channels
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.sends import Channel, OutcomeState, Parcel, Recipient
from wellspring.channels.service import followers, receiving
from wellspring.content.contracts import Body
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

__all__ = ["corp"]
_VALUES = {"time": "2026-03-18 12:00", "amount": "¥9.90", "date": "2026-03-18"}


def _there(corp: Corp, kind: str) -> Simulated:
    return Official.of(corp.sim.world).account("", kind)


def _connect(corp: Corp, kind: str, as_kind: AccountKind) -> str:
    there = _there(corp, kind)
    draft = AccountDraft(as_kind, there.name, there.appid, secret=there.secret, host=f"{corp.sim.url}/official")
    return channels.connect(corp.ws, by=SYSTEM, draft=draft).id


def _template(corp: Corp, kind: str, account: str = "official") -> Body:
    found = next(one for one in _there(corp, account).templates.values() if one.kind == kind)
    fields = tuple((key, _VALUES.get(key.rstrip("0123456789"), "1")) for key in found.keys)
    return Body("", template_id=found.template_id, fields=fields)


def _parcel(account_id: str, channel: Channel, recipient: Recipient, body: Body) -> Parcel:
    return Parcel(uuid.uuid4().hex, channel, account_id, "", body, (recipient,), marketing=True)


def _told(ws: Workspace, name: str) -> list[dict[str, Any]]:
    with ws.sql.read() as tx:
        return [body for _, body in bus.told_since(tx, 0, [name])[1]]


class TestOfficialAccount:
    @pytest.fixture
    def account_id(self, corp: Corp) -> str:
        return _connect(corp, "official", AccountKind.OFFICIAL)

    def _follower(self, corp: Corp, account_id: str) -> Recipient:
        person = corp.sim.world.people.setdefault("owang", Person("owang", "wang"))
        openid = corp.sim.world.openid(person, _there(corp, "official").appid)
        corp.sim.act("follow", person="owang")
        account = channels.account(corp.ws, account_id)
        followers.heard(corp.ws, account, {"Event": "subscribe", "FromUserName": openid}, corp.ws.clock.now(), 1)
        corp.hear()
        everybody = sends.reachable(corp.ws, Channel.OFFICIAL_ACCOUNT, account_id)
        found = sends.addresses(corp.ws, channel=Channel.OFFICIAL_ACCOUNT, account_id=account_id, member_nos=everybody)
        assert found.addresses == [openid]
        return Recipient(found.members.tolist()[0], openid)

    def test_a_template_is_sent_and_its_end_is_told_once(self, corp: Corp, account_id: str) -> None:
        wang = self._follower(corp, account_id)
        assert wang.member_no in sends.consenting(corp.ws, Channel.OFFICIAL_ACCOUNT, "marketing")
        parcel = _parcel(account_id, Channel.OFFICIAL_ACCOUNT, wang, _template(corp, "template"))
        outcome = sends.deliver(corp.ws, parcel)
        assert outcome.state is OutcomeState.ACCEPTED
        account = channels.account(corp.ws, account_id)
        fields = {"MsgID": outcome.provider_id, "Status": "success", "FromUserName": wang.address}
        for number in range(3):
            receiving.template_ended(corp.ws, account, fields, corp.ws.clock.now(), number)
        [told] = _told(corp.ws, "channels.receipt")
        assert (told["parcel_key"], told["address"], told["state"]) == (parcel.key, wang.address, "delivered")

    def test_without_a_template_it_is_customer_service_while_the_window_is_open(self, corp: Corp, account_id: str) -> None:
        wang = self._follower(corp, account_id)
        said = {"FromUserName": wang.address, "Content": "在吗", "MsgId": "m1", "MsgType": "text"}
        for number in range(2):
            receiving.text_heard(corp.ws, channels.account(corp.ws, account_id), said, corp.ws.clock.now(), number)
        [reply] = sends.replies(corp.ws, member_no=wang.member_no)
        assert reply.text == "在吗"
        corp.sim.act("write_to_account", person="owang", text="在吗")
        answer = _parcel(account_id, Channel.OFFICIAL_ACCOUNT, wang, Body("在的"))
        assert sends.deliver(corp.ws, answer).state is OutcomeState.ACCEPTED
        corp.advance(days=3)
        late = sends.deliver(corp.ws, _parcel(account_id, Channel.OFFICIAL_ACCOUNT, wang, Body("在的")))
        assert (late.state, late.problem) == (OutcomeState.REFUSED, "errcode:45015")

    def test_a_notice_without_permission_is_refused(self, corp: Corp, account_id: str) -> None:
        wang = self._follower(corp, account_id)
        outcome = sends.deliver(corp.ws, _parcel(account_id, Channel.OFFICIAL_ACCOUNT, wang, _template(corp, "subscribe")))
        assert (outcome.state, outcome.problem) == (OutcomeState.REFUSED, "errcode:43101")


def test_one_permission_of_a_mini_program_is_one_message(corp: Corp) -> None:
    account_id = _connect(corp, "mini", AccountKind.MINI)
    person = corp.sim.world.people.setdefault("owang", Person("owang", "wang"))
    openid = corp.sim.world.openid(person, _there(corp, "mini").appid)
    told = corp.sim.act("open_mini", person="owang")
    session = channels.mini_session(corp.ws, account_id=account_id, js_code=str(told.get("result", told)["js_code"]))
    assert sends.reachable(corp.ws, Channel.MINI_PROGRAM, account_id) == BitMap([session.member_no])
    body = _template(corp, "subscribe", "mini")
    there = _there(corp, "mini")
    there.grants[openid, body.template_id] = 1
    wang = Recipient(session.member_no, openid)
    states = [sends.deliver(corp.ws, _parcel(account_id, Channel.MINI_PROGRAM, wang, body)).state for _ in range(2)]
    assert states == [OutcomeState.ACCEPTED, OutcomeState.REFUSED]
