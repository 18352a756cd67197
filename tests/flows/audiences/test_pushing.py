"""Webhooks of audiences: who entered and left, signed, in order, each version accepted once, whatever goes wrong."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator

import pytest

from tests.support import activity as acting
from tests.support.receiver import Receiver, receiving
from wellspring.audiences import api, jobs
from wellspring.audiences.errors import ScopeTooNarrow, WebhooksTooMany, WebhookUnknown
from wellspring.audiences.handlers import SUBSCRIBERS
from wellspring.audiences.service import pushing
from wellspring.kernel import bus, failpoints
from wellspring.kernel import jobs as running
from wellspring.kernel.auth import SYSTEM, ActorKind, Principal, Scope
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.outbound import AddressRefused
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def audience(workspace: Workspace) -> str:
    """Everyone who bought: nobody yet of three."""
    jobs.register()
    acting.ingest(workspace, *(acting.identify(f"u{number}") for number in (1, 2, 3)))
    return api.create(workspace, by=SYSTEM, name="买过", definition={"did": "Order Completed"})[0].audience.id


def bought(ws: Workspace, audience_id: str, user: str) -> None:
    """One more member enters with one more version."""
    acting.ingest(ws, acting.track("Order Completed", userId=user))
    api.refresh(ws, by=SYSTEM, audience_id=audience_id)


def told(ws: Workspace) -> None:
    bus.deliver(ws, SUBSCRIBERS, now=ws.clock.now)
    running.run_due(ws)


def versions(receiver: Receiver) -> list[object]:
    return [one.body["version"] for one in receiver.received]


class TestTelling:
    def test_signed_and_in_order(self, workspace: Workspace, audience: str, receiver: Receiver) -> None:
        webhook, secret = api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        bought(workspace, audience, "u1")
        bought(workspace, audience, "u2")
        told(workspace)
        assert versions(receiver) == [2, 3]
        first = receiver.received[0]
        assert [(one["member_no"], one["user_id"]) for one in first.body["entered"]] == [(1, "u1")]  # type: ignore[attr-defined]
        assert (first.body["left"], first.body["members"], first.body["parts"]) == ([], 1, 1)
        sent_at, digest = (part.partition("=")[2] for part in first.headers["wellspring-signature"].split(","))
        wanted = hmac.new(secret.encode(), f"{sent_at}.".encode() + first.raw, hashlib.sha256).hexdigest()
        assert digest == wanted
        assert first.headers["wellspring-delivery"] == f"{webhook.id}.2.0"
        (shown,) = api.webhooks(workspace, audience_id=audience)
        assert (shown.version, shown.attempts, shown.problem) == (3, 0, "")
        told(workspace)
        assert len(receiver.received) == 2

    def test_what_happened_before_is_not_told(self, workspace: Workspace, audience: str, receiver: Receiver) -> None:
        bought(workspace, audience, "u1")
        api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        told(workspace)
        assert receiver.received == []

    def test_a_refusal_is_tried_again_after_a_pause_and_nothing_overtakes(
        self, workspace: Workspace, clock: VirtualClock, audience: str, receiver: Receiver
    ) -> None:
        api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        receiver.answers.extend([500, 302])
        bought(workspace, audience, "u1")
        told(workspace)
        bought(workspace, audience, "u2")
        told(workspace)
        assert versions(receiver) == [2]
        (shown,) = api.webhooks(workspace, audience_id=audience)
        assert (shown.attempts, shown.problem, shown.version) == (1, "HTTP 500", 1)
        clock.move_to(clock.now() + dt.timedelta(seconds=30))
        told(workspace)
        # A redirect is no acceptance, and is not followed.
        assert versions(receiver) == [2, 2]
        clock.move_to(clock.now() + dt.timedelta(minutes=2))
        told(workspace)
        assert versions(receiver) == [2, 2, 2, 3]
        assert api.webhooks(workspace, audience_id=audience)[0].failed_since is None

    def test_a_long_version_comes_in_parts(
        self, workspace: Workspace, audience: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pushing, "PART_MEMBERS", 2)
        api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        acting.ingest(workspace, *(acting.track("Order Completed", userId=f"u{number}") for number in (1, 2)))
        bought(workspace, audience, "u3")
        told(workspace)
        assert [(one.body["part"], one.body["parts"], len(one.body["entered"])) for one in receiver.received] == [(1, 2, 2), (2, 2, 1)]  # type: ignore[arg-type]

    def test_another_job_does_not_tell_it_twice(self, workspace: Workspace, audience: str, receiver: Receiver) -> None:
        webhook, _ = api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        bought(workspace, audience, "u1")
        bus.deliver(workspace, SUBSCRIBERS, now=workspace.clock.now)
        with workspace.sql.write() as tx:
            for _ in range(3):
                running.enqueue(workspace, tx, pushing.JOB, {"webhook_id": webhook.id})
        running.run_due(workspace)
        assert versions(receiver) == [2]

    def test_a_crash_after_the_acceptance_repeats_the_same_delivery(
        self, workspace: Workspace, clock: VirtualClock, audience: str, receiver: Receiver
    ) -> None:
        api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        bought(workspace, audience, "u1")

        def broken(name: str) -> None:
            if name == "audiences.push.accepted":
                raise RuntimeError

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(failpoints, "hit", broken)
            told(workspace)
        clock.move_to(clock.now() + dt.timedelta(minutes=5))
        told(workspace)
        deliveries = [one.headers["wellspring-delivery"] for one in receiver.received]
        assert len(deliveries) == 2
        assert len(set(deliveries)) == 1
        assert api.webhooks(workspace, audience_id=audience)[0].version == 2


class TestSettingUp:
    @pytest.mark.parametrize("url", ["http://10.0.0.1/x", "http://169.254.169.254/latest", "ftp://example.com", "http://a@127.0.0.1/"])
    def test_s4_an_address_inside_is_refused(self, workspace: Workspace, audience: str, url: str) -> None:
        with pytest.raises(AddressRefused):
            api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=url)

    def test_by_whoever_sees_the_whole_brand(self, workspace: Workspace, audience: str, receiver: Receiver) -> None:
        somebody = Principal("usr_1", ActorKind.USER, "Test", frozenset(), Scope(frozenset({"unit_1"})))
        with pytest.raises(ScopeTooNarrow):
            api.add_webhook(workspace, by=somebody, audience_id=audience, url=receiver.url)

    def test_so_many_and_no_more_and_gone_when_removed(self, workspace: Workspace, audience: str, receiver: Receiver) -> None:
        made = [api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)[0] for _ in range(pushing.WEBHOOKS_MAX)]
        with pytest.raises(WebhooksTooMany):
            api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        for webhook in made:
            api.remove_webhook(workspace, by=SYSTEM, audience_id=audience, webhook_id=webhook.id)
        with pytest.raises(WebhookUnknown):
            api.remove_webhook(workspace, by=SYSTEM, audience_id=audience, webhook_id=made[0].id)
        bought(workspace, audience, "u1")
        told(workspace)
        assert receiver.received == []
        api.add_webhook(workspace, by=SYSTEM, audience_id=audience, url=receiver.url)
        api.delete(workspace, by=SYSTEM, audience_id=audience)
