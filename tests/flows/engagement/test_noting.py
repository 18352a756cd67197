"""What members got stands in the log of activity: once per touch, in the words by which audiences and the timeline ask for it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from tests.flows.engagement.test_dispatching import forward
from tests.support import journeys as beating
from tests.support.campaigns import Stage, stage
from wellspring.activity import api as activity
from wellspring.activity.contracts import TimelineEvent
from wellspring.audiences import api as audiences
from wellspring.audiences.contracts import Refresh
from wellspring.channels.contracts.sends import Channel, Receipt, ReceiptState
from wellspring.engagement.api import campaigns as api
from wellspring.engagement.contracts.campaigns import Variant
from wellspring.engagement.contracts.touches import Fate, Told
from wellspring.engagement.facts import waking
from wellspring.engagement.rules import fates
from wellspring.engagement.service import following, noting
from wellspring.kernel import failpoints
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


@pytest.fixture
def on(workspace: Workspace) -> Iterator[Stage]:
    with stage(workspace) as made:
        yield made


def sent(on: Stage, **said: object) -> str:
    made = api.add(on.ws, by=SYSTEM, draft=on.draft(**said))
    api.launch(on.ws, by=SYSTEM, campaign_id=made.id, version=made.version)
    on.run()
    return made.id


def tell(on: Stage, state: ReceiptState, number: int, *, reason: str = "") -> None:
    """The provider tells of the newest message of a member."""
    key, address = next(
        (key, one.address) for key, parcel in reversed(on.fake.taken.items()) for one in parcel.recipients if one.member_no == number
    )
    with on.ws.sql.write() as tx:
        following.heard(on.ws, tx, key, Receipt("", address, state, reason, on.ws.clock.now()))


def events(on: Stage, number: int) -> list[TimelineEvent]:
    return list(reversed(activity.timeline(on.ws, member_no=number, limit=50).rows))


def whoever(on: Stage, definition: object) -> BitMap:
    return audiences.members_of(on.ws, definition=definition)


def test_audiences_ask_who_was_touched_by_what_how_often_and_when(on: Stage) -> None:
    some = BitMap(list(on.members)[:5])
    first = sent(on)
    forward(on.ws, days=3)
    second = sent(on, audience_id=on.audience("部分", some), variants=(Variant("B", on.content_id),))
    assert noting.step(on.ws) == 25
    assert noting.step(on.ws) == 0
    by_first = {"did": "Message Sent", "where": [{"property": "origin", "is": f"campaign:{first}"}]}
    by_second = {"did": "Message Sent", "where": [{"property": "origin", "is": f"campaign:{second}"}]}
    assert whoever(on, by_first) == on.members
    assert whoever(on, by_second) == some
    assert whoever(on, {"not": by_second}) == on.members - some
    assert whoever(on, {"did": "Message Sent", "within": "1d"}) == some
    assert whoever(on, {"touched": {"channel": "sms"}, "gte": 2, "within": "7d"}) == some
    assert whoever(on, {"touched": {"channel": "sms"}, "lt": 2}) == on.members - some
    assert whoever(on, {"did": "Message Sent", "where": [{"property": "channel", "is": "wecom"}]}) == BitMap()
    (told,) = events(on, list(on.members)[-1])
    assert (told.kind, told.props["node"], told.props["content_id"]) == ("Message Sent", "A", on.content_id)


def test_a_live_audience_of_the_touched_moves_with_the_touch(on: Stage) -> None:
    made, _ = audiences.create(
        on.ws, by=SYSTEM, name="近一天触达", definition={"did": "Message Sent", "within": "1d"}, refresh=Refresh.LIVE
    )
    assert audiences.members(on.ws, by=SYSTEM, audience_id=made.audience.id) == BitMap()
    sent(on)
    noting.step(on.ws)
    beating.beat(on.ws)
    assert audiences.members(on.ws, by=SYSTEM, audience_id=made.audience.id) == on.members
    beating.advance(on.ws, days=2)
    assert audiences.members(on.ws, by=SYSTEM, audience_id=made.audience.id) == BitMap()


def test_what_a_guide_has_yet_to_confirm_was_not_sent(on: Stage) -> None:
    sent(on, channel=Channel.WECOM.value)
    assert noting.step(on.ws) == 0
    number = on.members[0]
    tell(on, ReceiptState.SENT, number)
    assert noting.step(on.ws) == 1
    assert [event.props["sender"] for event in events(on, number)] == [on.fake.guides[number % 2]]


def test_a_message_that_did_not_arrive_after_all_is_told_as_failed(on: Stage) -> None:
    sent(on)
    noting.step(on.ws)
    tell(on, ReceiptState.FAILED, on.members[0], reason="channels.number_unknown")
    assert noting.step(on.ws) == 1
    assert [event.kind for event in events(on, on.members[0])] == ["Message Sent", "Message Failed"]
    assert events(on, on.members[0])[-1].props["reason"] == "channels.number_unknown"
    # The log hears of a failure also where it had not yet heard of the sending.
    sent(on, name="第二次")
    tell(on, ReceiptState.FAILED, on.members[1])
    noting.step(on.ws)
    assert sorted(event.kind for event in events(on, on.members[1])) == ["Message Failed", "Message Sent", "Message Sent"]


def test_d10_better_news_before_the_failure_was_told_take_it_back() -> None:
    owed = fates.told_after(fates.told_after(Told.SENT, Fate.FAILED), Fate.DELIVERED)
    assert owed is Told.SENT_OWED
    assert fates.told_after(Told.NOTHING, Fate.FAILED) is Told.NOTHING
    assert fates.told_after(Told.FAILED, Fate.DELIVERED) is Told.FAILED
    assert fates.told_after(Told.NOTHING, Fate.WAITING) is Told.NOTHING


class Killed(BaseException):
    """Stands for a kill: nobody catches it."""


def test_r1_i25_killed_between_the_log_and_the_ledger_each_touch_is_told_once(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(on)

    def die(_name: str) -> None:
        raise Killed

    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(failpoints, "hit", die)
        noting.step(on.ws)
    assert noting.step(on.ws) == 20
    assert [len(events(on, number)) for number in on.members] == [1] * 20


def test_p04_the_erased_are_told_of_no_more(on: Stage) -> None:
    sent(on)
    gone = on.members[0]
    member = people.members_of(on.ws, by=SYSTEM, member_nos=[gone])[gone]
    people.erase(on.ws, by=SYSTEM, member_id=member.id)
    noting.step(on.ws)
    assert events(on, gone) == []
    assert len(events(on, on.members[1])) == 1


def test_q11_what_was_sent_to_somebody_is_nothing_that_they_did(on: Stage) -> None:
    for place in range(waking.DOINGS_MIN):
        sent(on, name=f"第{place}次")
    noting.step(on.ws)
    assert waking.hours(on.ws, on.ws.clock.now()) == {}
    user = "u1"
    for place in range(waking.DOINGS_MIN):
        beating.does(on.ws, "Product Viewed", user, messageId=f"v{place}")
    assert list(waking.hours(on.ws, on.ws.clock.now()).values()) == [BitMap([beating.number(on.ws, user)])]


def test_what_a_reply_answers_is_named_by_the_call(on: Stage) -> None:
    campaign_id = sent(on)
    (key,) = on.fake.taken
    assert noting.origins(on.ws, [key, "pcl_other"]) == {key: {"origin": f"campaign:{campaign_id}", "node": "A"}}


def test_touches_are_told_at_their_own_time(on: Stage) -> None:
    sent(on)
    at = on.ws.clock.now()
    forward(on.ws, hours=1)
    noting.step(on.ws)
    assert abs(events(on, on.members[0])[0].at - at) < dt.timedelta(seconds=1)
