"""Vendors at their worst, by seed: whatever they do with a call, one key is taken once, and nothing that was taken is called failed."""

import datetime as dt
import itertools
import random

import pytest

from tests.support.parcels import connect, heard, mail_account, parcel_of, phones_of, post, recipients_of
from tests.support.vendors import ACCEPT, DROP, HANG_UP, REFUSE, boxing, posting, vending
from wellspring.activity import api as activity
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountKind
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel
from wellspring.channels.service import noting, receiving
from wellspring.kernel import failpoints
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import IdentityKind

_PHONE = "+8613800138000"
_SEEDS = 80
_ENDS = (OutcomeState.ACCEPTED, OutcomeState.REFUSED, OutcomeState.UNKNOWN)


def _ended(ws: Workspace, parcel: Parcel) -> Outcome:
    """Hands over as a dispatcher does: again after "later", and once more after any end, as a worker that lost its place would."""
    for _ in range(8):
        outcome = sends.deliver(ws, parcel)
        if outcome.state in _ENDS:
            break
        assert isinstance(ws.clock, VirtualClock)
        ws.clock.move_to(ws.clock.now() + dt.timedelta(seconds=outcome.retry_seconds + 1))
    assert sends.deliver(ws, parcel) == outcome
    return outcome


class TestR5:
    """Timeouts after acceptance (INVARIANTS R5, I25)."""

    @pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
    def test_one_key_is_taken_once_and_never_called_failed(self, workspace: Workspace, channel: Channel) -> None:
        chance = random.Random(5)
        with vending() as vendor, posting() as mail:
            is_sms = channel is Channel.SMS
            account_id = connect(workspace, AccountKind.SMS, vendor.url) if is_sms else mail_account(workspace, mail)
            kind, value = (IdentityKind.PHONE, _PHONE) if is_sms else (IdentityKind.EMAIL, "wang@example.com")
            [one] = recipients_of(workspace, kind, channel, value)
            modes = [ACCEPT, REFUSE, DROP, HANG_UP, 429, 503] if is_sms else [ACCEPT, REFUSE, DROP, HANG_UP]
            for _ in range(_SEEDS):
                taken_before = len(vendor.taken) + len(mail.letters)
                drawn = chance.choices(modes, k=3)
                vendor.modes.clear()
                vendor.modes.extend(drawn)
                mail.modes.clear()
                mail.modes.extend(str(mode) for mode in drawn)
                outcome = _ended(workspace, parcel_of(account_id, channel, [one]))
                taken = len(vendor.taken) + len(mail.letters) - taken_before
                assert taken <= 1, drawn
                assert (outcome.state is OutcomeState.ACCEPTED) <= (taken == 1), drawn
                assert (outcome.state is OutcomeState.REFUSED) <= (taken == 0), drawn


class TestR4:
    """Reports repeated, reordered, and before their time (INVARIANTS R4, I27)."""

    def test_every_order_and_number_of_reports_tells_the_same(self, workspace: Workspace) -> None:
        with vending() as vendor:
            account_id = connect(workspace, AccountKind.SMS, vendor.url)
            [one] = phones_of(workspace, _PHONE)
            told = []
            for order in itertools.permutations(("sent", "delivered", "failed")):
                vendor.answer = lambda taken: {"id": taken.body["key"]}
                parcel = parcel_of(account_id, Channel.SMS, [one])
                if order[0] != "sent":
                    sends.deliver(workspace, parcel)
                for state in (*order, *order):
                    post(workspace, account_id, "report", {"id": parcel.key, "key": parcel.key, "to": _PHONE, "state": state})
                # A report that overtakes the answer changes nothing about it.
                assert sends.deliver(workspace, parcel).state is OutcomeState.ACCEPTED
                mine = [row for row in heard(workspace, "channels.receipt") if row["provider_id"] == parcel.key]
                told.append((sorted(row["state"] for row in mine), {row["address"] for row in mine}))
            assert told == [(["delivered", "failed", "sent"], {one.address})] * 6
            assert len(vendor.taken) == 6


def test_replies_and_leavings_come_into_the_log_once(workspace: Workspace) -> None:
    with vending() as vendor:
        account_id = connect(workspace, AccountKind.SMS, vendor.url)
        [one] = phones_of(workspace, _PHONE)
        post(workspace, account_id, "reply", [{"from": _PHONE, "text": "多少钱", "id": "1"}, {"from": _PHONE, "text": "TD", "id": "2"}])
        assert noting.step(workspace) == 3
        assert noting.step(workspace) == 0
    kinds = [event.kind for event in activity.timeline(workspace, member_no=one.member_no, limit=10).rows]
    assert sorted(kinds) == ["Message Replied", "Message Replied", "Unsubscribed"]


_PASSAGES = ("channels.send.claimed", "channels.outward.before", "channels.outward.after", "channels.send.called")


class _Died(BaseException):
    """Stands for a kill: nobody catches it."""


class TestR1:
    """A process that dies between any two steps of handing over (INVARIANTS R1, I25)."""

    @pytest.mark.parametrize(
        "passage", ["channels.send.claimed", "channels.outward.before", "channels.outward.after", "channels.send.called"]
    )
    @pytest.mark.parametrize("channel", [Channel.SMS, Channel.WEBHOOK])
    def test_nothing_is_taken_twice(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, passage: str, channel: Channel) -> None:
        with vending() as vendor:
            account_id = connect(workspace, AccountKind(channel.value), vendor.url)
            [one] = phones_of(workspace, _PHONE)
            parcel = parcel_of(account_id, channel, [one])

            def hit(name: str) -> None:
                if name == passage:
                    raise _Died

            with monkeypatch.context() as dying, pytest.raises(_Died):
                dying.setattr(failpoints, "hit", hit)
                sends.deliver(workspace, parcel)
            outcome = sends.deliver(workspace, parcel)
            if channel is Channel.WEBHOOK:
                # The receiver knows our key: twice is once to it.
                assert outcome.state is OutcomeState.ACCEPTED
                assert {taken.headers["idempotency-key"] for taken in vendor.taken} == {parcel.key}
            else:
                assert outcome.state is OutcomeState.UNKNOWN
                assert len(vendor.taken) == (1 if passage in ("channels.outward.after", "channels.send.called") else 0)


_BOUNCE = """From: MAILER-DAEMON@mx.test
To: bounce+{key}@brand.cn
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; wang@example.com
Action: failed
Status: 5.1.1

--b--
"""


def test_d08_the_mailbox_of_bounces_is_read_and_emptied(workspace: Workspace) -> None:
    with posting() as mail, boxing("秘密-secret") as box:
        options = {"smtp_host": "127.0.0.1", "smtp_port": str(mail.port), "smtp_security": "none", "from_address": "hi@brand.cn"}
        options |= {"pop_host": "127.0.0.1", "pop_port": str(box.port), "pop_security": "none", "bounce_address": "bounce@brand.cn"}
        account_id = connect(workspace, AccountKind.EMAIL, **options)
        [one] = recipients_of(workspace, IdentityKind.EMAIL, Channel.EMAIL, "wang@example.com")
        parcel = parcel_of(account_id, Channel.EMAIL, [one])
        sends.deliver(workspace, parcel)
        box.mails = [_BOUNCE.format(key=parcel.key).replace("\n", "\r\n").encode(), b"Subject: junk\r\n\r\n"]
        assert receiving.fetch_mails(workspace) == {account_id: 2}
        assert box.mails == []
        [told] = heard(workspace, "channels.receipt")
        assert (told["parcel_key"], told["reason"]) == (parcel.key, "channels.bounced")
        assert not sends.reachable(workspace, Channel.EMAIL, account_id)
        box.password = "changed"
        assert receiving.fetch_mails(workspace) == {account_id: -1}
