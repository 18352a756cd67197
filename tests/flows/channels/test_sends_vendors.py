"""Text messages, e-mail, webhooks and ad audiences against real servers of this machine; what they tell afterwards; leaving."""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from typing import Any

import pytest
from pyroaring import BitMap

from tests.support.parcels import connect, heard, mail_account, parcel_of, phones_of, post, recipients_of
from tests.support.vendors import ACCEPT, DROP, HANG_UP, REFUSE, MailServer, Vendor, posting, vending
from wellspring.channels import api as channels
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.sends import Channel, OutcomeState, Recipient
from wellspring.channels.errors import CallbackRefused, UnsubscribeUnknown
from wellspring.channels.rules import signatures
from wellspring.content.contracts import Body
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import Invalid
from wellspring.kernel.outbound import AddressRefused
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import IdentityKind

_PHONES = ("+8613800138000", "+8613900139000", "+8613700137000")
_MAILS = ("wang@example.com", "li@example.com")


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vending() as found:
        yield found


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with posting() as found:
        yield found


class TestTextMessages:
    def test_the_plain_format_is_signed_and_says_how_to_stop(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url, sign_name="活水")
        recipients = phones_of(workspace, *_PHONES)
        vendor.answer = lambda taken: {"id": "m-1", "refused": [{"to": taken.body["to"][0], "code": "blocked"}]}
        parcel = parcel_of(account_id, Channel.SMS, recipients)
        outcome = sends.deliver(workspace, parcel)
        [taken] = vendor.taken
        stamp = int(taken.headers["wellspring-signature"].partition(",")[0].removeprefix("t="))
        assert taken.headers["wellspring-signature"] == signatures.own("秘密-secret", taken.raw, sent_at=stamp)
        assert taken.headers["idempotency-key"] == parcel.key
        assert (taken.body["text"], sorted(taken.body["to"])) == ("上新啦 拒收请回复R", sorted(one.removeprefix("+86") for one in _PHONES))
        assert (outcome.state, outcome.provider_id, len(outcome.refused)) == (OutcomeState.ACCEPTED, "m-1", 1)
        # A phone is nowhere in what leaves the front door.
        assert not any(phone[3:] in repr((parcel, outcome)) for phone in _PHONES)

    @pytest.mark.parametrize(
        ("code", "state"), [("OK", "accepted"), ("isv.MOBILE_NUMBER_ILLEGAL", "refused"), ("isp.SYSTEM_ERROR", "unknown")]
    )
    def test_aliyuns_format(self, workspace: Workspace, vendor: Vendor, code: str, state: str) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url.removesuffix("/send"), format="aliyun", sign_name="活水")
        vendor.answer = lambda _: {"Code": code, "BizId": "biz-1", "RequestId": "r"}
        body = Body("", template_id="SMS_1", fields=(("code", "8折"),))
        outcome = sends.deliver(workspace, parcel_of(account_id, Channel.SMS, phones_of(workspace, *_PHONES[:2]), body))
        assert outcome.state == state
        [taken] = vendor.taken
        assert "PhoneNumbers=13800138000%2C13900139000" in taken.path
        assert taken.headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=AK-1")

    def test_tencents_format_names_each_phone(self, workspace: Workspace, vendor: Vendor) -> None:
        options = {"format": "tencent", "sign_name": "活水", "sdk_app_id": "1400"}
        account_id = connect(workspace, AccountKind.SMS, vendor.url.removesuffix("/send"), **options)
        one, two = phones_of(workspace, *_PHONES[:2])

        def answer(taken: Any) -> Any:
            codes = ["Ok", "FailedOperation.PhoneNumberInBlacklist"]
            numbers = taken.body["PhoneNumberSet"]
            rows = [{"PhoneNumber": number, "Code": code, "SerialNo": "s"} for number, code in zip(numbers, codes, strict=True)]
            return {"Response": {"SendStatusSet": rows, "RequestId": "r"}}

        vendor.answer = answer
        body = Body("", template_id="77", fields=(("1", "8折"), ("2", "今天")))
        parcel = parcel_of(account_id, Channel.SMS, [one, two], body)
        outcome = sends.deliver(workspace, parcel)
        assert outcome.refused == ((two.member_no, "sms:FailedOperation.PhoneNumberInBlacklist"),)
        assert vendor.taken[0].body["TemplateParamSet"] == ["8折", "今天"]
        assert vendor.taken[0].body["SessionContext"] == parcel.key

    def test_d10_and_r4_reports_in_any_order_and_number_are_each_told_once(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        [one] = phones_of(workspace, _PHONES[0])
        vendor.answer = lambda _: {"id": "m-1"}
        parcel = parcel_of(account_id, Channel.SMS, [one])
        sends.deliver(workspace, parcel)
        at = "2026-03-01T12:00:00Z"
        rows = [{"id": "m-1", "key": parcel.key, "to": _PHONES[0], "state": state, "at": at} for state in ("sent", "delivered")] * 3
        random.Random(3).shuffle(rows)
        assert sum(post(workspace, account_id, "report", [row]) for row in rows) == 2
        told = heard(workspace, "channels.receipt")
        assert {(row["parcel_key"], row["address"]) for row in told} == {(parcel.key, one.address)}
        assert sorted(row["state"] for row in told) == ["delivered", "sent"]

    def test_r5_a_report_resolves_a_call_that_was_never_answered(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        [one] = phones_of(workspace, _PHONES[0])
        parcel = parcel_of(account_id, Channel.SMS, [one])
        vendor.modes.append(DROP)
        assert sends.deliver(workspace, parcel).state is OutcomeState.UNKNOWN
        assert sends.deliver(workspace, parcel).state is OutcomeState.UNKNOWN
        assert len(vendor.taken) == 1
        post(workspace, account_id, "report", {"id": "m-9", "key": parcel.key, "to": _PHONES[0], "state": "delivered"})
        known = sends.outcome_of(workspace, parcel.key)
        assert known is not None
        assert (known.state, known.provider_id) == (OutcomeState.ACCEPTED, "m-9")

    def test_vendors_reports_and_replies_are_understood(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        one, _ = phones_of(workspace, *_PHONES[:2])
        aliyun = {"phone_number": "13800138000", "biz_id": "b", "out_id": "k", "success": False, "err_code": "UNDELIVERABLE"}
        tencent = {"sid": "s", "mobile": "13900139000", "nationcode": "86", "report_status": "SUCCESS", "ext": "k"}
        assert post(workspace, account_id, "report", [aliyun, tencent, {"junk": 1}, "junk"]) == 2
        [failed, done] = heard(workspace, "channels.receipt")
        assert (failed["state"], failed["reason"], failed["address"]) == ("failed", "sms:UNDELIVERABLE", one.address)
        assert done["state"] == "delivered"
        said = {"phone_number": "13800138000", "content": "多少钱", "sequence_id": 7, "send_time": "2026-03-01 20:00:00"}
        assert [post(workspace, account_id, "reply", [said]) for _ in range(2)] == [1, 0]
        [reply] = sends.replies(workspace, member_no=one.member_no)
        assert (reply.text, reply.is_stop) == ("多少钱", False)

    def test_a_word_for_stopping_stops(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        [one] = phones_of(workspace, _PHONES[0])
        assert one.member_no in sends.consenting(workspace, Channel.SMS, "marketing")
        post(workspace, account_id, "reply", [{"from": _PHONES[0], "text": " td ", "id": "1"}])
        assert one.member_no not in sends.consenting(workspace, Channel.SMS, "marketing")
        assert not sends.addresses(workspace, channel=Channel.SMS, account_id=account_id, member_nos=BitMap([one.member_no])).addresses
        [told] = heard(workspace, "channels.unsubscribed")
        assert (told["member_no"], told["source"]) == (one.member_no, "reply")

    def test_only_who_knows_the_address_may_tell(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        with pytest.raises(CallbackRefused):
            sends.take_receipts(workspace, account_id=account_id, token="guessed", what="report", body=b"[]")

    @pytest.mark.parametrize(
        ("mode", "state"), [(REFUSE, "refused"), (429, "later"), (503, "unknown"), (302, "refused"), (HANG_UP, "unknown")]
    )
    def test_what_a_status_means(self, workspace: Workspace, vendor: Vendor, mode: str | int, state: str) -> None:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        vendor.headers = {"retry-after": "17"}
        vendor.modes.append(mode)
        parcel = parcel_of(account_id, Channel.SMS, phones_of(workspace, _PHONES[0]))
        outcome = sends.deliver(workspace, parcel)
        assert outcome.state == state
        if mode == 429:
            # D11: it costs time and nobody's message, and whoever comes meanwhile makes no call.
            assert outcome.retry_seconds == 17
            assert sends.deliver(workspace, parcel).state is OutcomeState.LATER
            assert vendor.calls == 1
            workspace.clock.move_to(workspace.clock.now() + dt.timedelta(seconds=18))
            assert sends.deliver(workspace, parcel).state is OutcomeState.ACCEPTED

    def test_nobody_listens(self, workspace: Workspace) -> None:
        account_id = connect(workspace, AccountKind.SMS, "http://127.0.0.1:9/send")
        assert sends.deliver(workspace, parcel_of(account_id, Channel.SMS, phones_of(workspace, _PHONES[0]))).state is OutcomeState.LATER


class TestMail:
    def _people(self, ws: Workspace, *values: str) -> list[Recipient]:
        return recipients_of(ws, IdentityKind.EMAIL, Channel.EMAIL, *values)

    def test_marketing_can_be_left_with_one_click(self, workspace: Workspace, mail: MailServer) -> None:
        account_id = mail_account(workspace, mail)
        [one] = self._people(workspace, _MAILS[0])
        parcel = parcel_of(
            account_id, Channel.EMAIL, [one], Body("好久不见\n.一个点", subject="上新\r\nBcc: x@y.z", html="<p>好久不见</p>")
        )
        # However a server says goodbye.
        mail.answers["QUIT"] = "421 busy"
        outcome = sends.deliver(workspace, parcel)
        [letter] = mail.letters
        assert (outcome.state, letter.to, letter.sender) == (OutcomeState.ACCEPTED, (_MAILS[0],), f"bounce+{parcel.key}@brand.cn")
        message = letter.message
        assert (message["subject"], message["bcc"]) == ("上新 Bcc: x@y.z", None)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Message-ID"] == f"<{parcel.key}@brand.cn>"
        plain, html = [part.get_content() for part in message.walk() if not part.is_multipart()]
        assert ".一个点" in plain
        assert "退订" in html
        token = message["List-Unsubscribe"].strip("<>").rpartition("/u/")[2].partition(".")[2]
        sends.unsubscribe(workspace, token, source="one_click")
        assert one.member_no not in sends.consenting(workspace, Channel.EMAIL, "marketing")
        service = parcel_of(account_id, Channel.EMAIL, [one], Body("发货通知"), marketing=False)
        sends.deliver(workspace, service)
        assert mail.letters[-1].message["List-Unsubscribe"] is None

    def test_a_connection_is_used_again_until_it_is_lost(self, workspace: Workspace, mail: MailServer) -> None:
        account_id = mail_account(workspace, mail)
        people_there = self._people(workspace, *_MAILS)
        mail.modes.extend([ACCEPT, REFUSE, DROP, ACCEPT])
        told = [sends.deliver(workspace, parcel_of(account_id, Channel.EMAIL, [one])).state.value for one in people_there * 2]
        assert told == ["accepted", "refused", "unknown", "accepted"]
        assert mail.connections == 2

    def test_d02_a_lost_answer_to_the_last_dot_is_unknown(self, workspace: Workspace, mail: MailServer) -> None:
        account_id = mail_account(workspace, mail)
        parcel = parcel_of(account_id, Channel.EMAIL, self._people(workspace, _MAILS[0]))
        mail.modes.append(DROP)
        assert sends.deliver(workspace, parcel).state is OutcomeState.UNKNOWN
        assert sends.deliver(workspace, parcel).state is OutcomeState.UNKNOWN
        assert len(mail.letters) == 1

    @pytest.mark.parametrize(
        ("verb", "answer", "state", "problem"),
        [
            ("RCPT", "550 5.1.1 no such user", "refused", "channels.bounced"),
            ("RCPT", "450 4.2.1 greylisted", "later", "smtp:4.2.1"),
            ("MAIL", "553 5.7.1 not yours", "refused", "smtp:5.7.1"),
            ("DATA", "452 too much", "later", "smtp:452"),
        ],
    )
    def test_what_a_code_means(self, workspace: Workspace, mail: MailServer, verb: str, answer: str, state: str, problem: str) -> None:
        account_id = mail_account(workspace, mail)
        [one] = self._people(workspace, _MAILS[0])
        mail.answers[verb] = answer
        outcome = sends.deliver(workspace, parcel_of(account_id, Channel.EMAIL, [one]))
        assert (outcome.state, outcome.problem) == (state, problem)
        left = sends.addresses(workspace, channel=Channel.EMAIL, account_id=account_id, member_nos=BitMap([one.member_no])).addresses
        assert bool(left) is (problem != "channels.bounced")

    def test_d08_a_report_of_a_dead_mailbox_ends_the_address(self, workspace: Workspace, mail: MailServer) -> None:
        account_id = mail_account(workspace, mail)
        one, two = self._people(workspace, *_MAILS)
        parcel = parcel_of(account_id, Channel.EMAIL, [one])
        sends.deliver(workspace, parcel)
        report = _REPORT.format(key=parcel.key, to=_MAILS[0]).replace("\n", "\r\n").encode()
        assert [post(workspace, account_id, "mail", report) for _ in range(2)] == [1, 0]
        [told] = heard(workspace, "channels.receipt")
        assert (told["parcel_key"], told["address"], told["reason"]) == (parcel.key, one.address, "channels.bounced")
        both = BitMap([one.member_no, two.member_no])
        left = sends.addresses(workspace, channel=Channel.EMAIL, account_id=account_id, member_nos=both)
        assert left.members.tolist() == [two.member_no]

    def test_an_answer_is_a_reply_and_an_absence_note_is_none(self, workspace: Workspace, mail: MailServer) -> None:
        account_id = mail_account(workspace, mail)
        [one] = self._people(workspace, _MAILS[0])
        parcel = parcel_of(account_id, Channel.EMAIL, [one])
        sends.deliver(workspace, parcel)
        head = f"From: Wang <{_MAILS[0]}>\r\nIn-Reply-To: <{parcel.key}@brand.cn>\r\nMessage-ID: <r1@x>\r\n"
        assert post(workspace, account_id, "mail", f"{head}Auto-Submitted: auto-replied\r\n\r\n不在\r\n".encode()) == 0
        assert post(workspace, account_id, "mail", f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n多少钱?\r\n".encode()) == 1
        [reply] = sends.replies(workspace, member_no=one.member_no)
        assert (reply.text.strip(), reply.parcel_key) == ("多少钱?", parcel.key)


_REPORT = """From: MAILER-DAEMON@mx.test
To: bounce+{key}@brand.cn
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

No such user
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1

--b--
"""


class TestWebhooksAndAds:
    def test_a_webhook_gets_the_content_and_whom_it_is_for(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.WEBHOOK, vendor.url)
        [one] = phones_of(workspace, _PHONES[0])
        parcel = parcel_of(account_id, Channel.WEBHOOK, [Recipient(one.member_no, str(one.member_no)), Recipient(9_999, "9999")])
        vendor.modes.extend([DROP, ACCEPT])
        # The receiver knows our key: what was never answered is handed over again, and is the same delivery to it.
        assert [sends.deliver(workspace, parcel).state for _ in range(3)] == [
            OutcomeState.UNKNOWN,
            OutcomeState.ACCEPTED,
            OutcomeState.ACCEPTED,
        ]
        assert [taken.headers["idempotency-key"] for taken in vendor.taken] == [parcel.key] * 2
        assert [row["member_no"] for row in vendor.taken[0].body["recipients"]] == [one.member_no]
        assert sends.deliver(workspace, parcel).refused == ((9_999, "channels.address_gone"),)

    def test_an_ad_audience_gets_hashes_alone(self, workspace: Workspace, vendor: Vendor) -> None:
        account_id = connect(workspace, AccountKind.ADS, vendor.url, audience_id="aud-1")
        recipients = phones_of(workspace, *_PHONES[:2])
        assert sends.deliver(workspace, parcel_of(account_id, Channel.ADS, recipients)).state is OutcomeState.ACCEPTED
        [taken] = vendor.taken
        assert sorted(taken.body["values"]) == sorted(hashlib.sha256(phone[3:].encode()).hexdigest() for phone in _PHONES[:2])
        assert not any(phone[3:].encode() in taken.raw for phone in _PHONES)
        # Without consent to advertising nobody is in it.
        assert not sends.consenting(workspace, Channel.ADS, "marketing")


class TestAccounts:
    @pytest.mark.parametrize(
        ("kind", "host", "options", "field"),
        [
            (AccountKind.SMS, "", {}, "host"),
            (AccountKind.SMS, "http://127.0.0.1:1", {"format": "pigeon"}, "options.format"),
            (AccountKind.EMAIL, "", {"from_address": "a@b.cn"}, "options.smtp_host"),
            (AccountKind.EMAIL, "", {"smtp_host": "mx.cn", "from_address": "nobody"}, "options.from_address"),
            (AccountKind.EMAIL, "", {"smtp_host": "mx.cn", "from_address": "a@b.cn", "smtp_port": "x"}, "options.smtp_port"),
            (AccountKind.WEBHOOK, "", {}, "host"),
            (AccountKind.WECOM, "", {"format": "generic"}, "options.format"),
        ],
    )
    def test_what_cannot_work_is_told_at_once(
        self, workspace: Workspace, kind: AccountKind, host: str, options: dict[str, str], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            connect(workspace, kind, host, **options)
        assert refused.value.params["field"] == field

    def test_an_id_goes_into_headers_and_takes_what_they_take(self, workspace: Workspace) -> None:
        with pytest.raises(Invalid) as refused:
            channels.connect(workspace, by=SYSTEM, draft=AccountDraft(AccountKind.SMS, "网关", "网关", host="http://127.0.0.1:1/send"))
        assert refused.value.params["field"] == "corp_id"

    def test_no_address_leads_inside(self, workspace: Workspace) -> None:
        with pytest.raises(AddressRefused):
            connect(workspace, AccountKind.WEBHOOK, "http://169.254.169.254/latest")


class TestLeaving:
    def test_n09_one_address_leaves_and_the_other_stays(self, workspace: Workspace) -> None:
        one, two = recipients_of(workspace, IdentityKind.EMAIL, Channel.EMAIL, *_MAILS)
        token = sends.unsubscribe_token(workspace, member_no=one.member_no, channel=Channel.EMAIL, address=one.address)
        rest = token.partition(".")[2]
        # Looking changes nothing (D13); using it twice is using it once.
        assert sends.unsubscribe_word(workspace, rest) is Channel.EMAIL
        assert one.member_no in sends.consenting(workspace, Channel.EMAIL, "marketing")
        for _ in range(2):
            sends.unsubscribe(workspace, rest, source="page")
        assert set(sends.consenting(workspace, Channel.EMAIL, "marketing")) == {two.member_no}
        assert len(heard(workspace, "channels.unsubscribed")) == 1

    def test_no_other_token_is_taken(self, workspace: Workspace) -> None:
        [one] = phones_of(workspace, _PHONES[0])
        rest = sends.unsubscribe_token(workspace, member_no=one.member_no, channel=Channel.SMS, address=one.address).partition(".")[2]
        swapped = rest[:-1] + ("A" if rest[-1] != "A" else "B")
        for wrong in (swapped, "", "é", rest[:10], f"Z{rest[1:]}"):
            with pytest.raises(UnsubscribeUnknown):
                sends.unsubscribe(workspace, wrong, source="page")


class TestOneself:
    """A test to oneself goes through the same adapter, to the address that was typed."""

    @pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL, Channel.WEBHOOK, Channel.ADS])
    def test_each_channel_can_be_tried(self, workspace: Workspace, vendor: Vendor, mail: MailServer, channel: Channel) -> None:
        if channel is Channel.EMAIL:
            account_id = mail_account(workspace, mail)
        else:
            account_id = connect(workspace, AccountKind(channel.value), vendor.url)
        to = "me@brand.cn" if channel is Channel.EMAIL else "+8613500135000"
        body = Body("测试", subject="测试")
        outcome = sends.try_out(workspace, by=SYSTEM, account_id=account_id, channel=channel, to=to, body=body)
        assert outcome.state is OutcomeState.ACCEPTED
        assert len(vendor.taken) + len(mail.letters) == 1
        diagnosed = channels.diagnose(workspace, account_id=account_id)
        assert not [one for one in diagnosed.checks if one.state == "bad"]

    def test_a_mail_server_that_is_away_is_told(self, workspace: Workspace) -> None:
        options = {"smtp_host": "127.0.0.1", "smtp_port": "9", "smtp_security": "none", "from_address": "hi@brand.cn"}
        account_id = connect(workspace, AccountKind.EMAIL, **options)
        assert channels.diagnose(workspace, account_id=account_id).worst == "bad"
        assert not channels.check_account(workspace, account_id=account_id).is_ok
