"""The town in the simulated WeCom: the same persons, at their hours, by their truths, through a clock that is moved."""

import time
from collections import Counter
from datetime import date

import numpy as np
import orjson
import pytest

from tests.support.contact_world import Story
from tests.support.contacts import fields
from tests.support.simulator import simulating
from wecom_simulator import parts, snapshot
from wecom_simulator.clock import Clock, parse
from wecom_simulator.external.friends import of
from wecom_simulator.external.rules import day_of
from wecom_simulator.town import living
from wecom_simulator.town.actions import System
from wecom_simulator.town.days import Town
from wecom_simulator.town.living import DOINGS, Life
from wecom_simulator.town.touched import Touched
from wecom_simulator.town.touched import orders as touched_orders
from wecom_simulator.world import World

REGISTERING = parts

NOON = "2026-03-18T12:00:00+08:00"
DAY = 86_400


def _town(customers: int = 3_000, **more: float) -> World:
    world = World(Clock(start=parse(NOON)))
    living.town(world, seed=5, customers=customers, **more)
    world.corp.limits.per_minute = 0
    return world


def _story(world: World) -> Story:
    """An app that calls the corp of the town."""
    story = Story()
    story.world, story.corp = world, world.corp
    story.app = next(iter(world.corp.apps.values()))
    return story


def test_the_same_persons_as_in_the_brands_other_systems() -> None:
    world = _town()
    told = Town(5, date(2025, 3, 18), 3_000)
    outside = {
        entry["id"]: next((other["id"] for other in action.body["context"]["externalIds"] if other["type"] == "unionid"), None)
        for day in (told.milestones.day(day) for day in range(told.milestones.first_day, 365))
        for action in day
        for entry in action.body.get("context", {}).get("externalIds", ())
        if entry["type"] == "external_userid"
    }
    contacts = of(world.corp).contacts
    assert len(outside) > 300
    # Who added a guide in the town's other tellings is the contact of that id here, today's afternoon apart.
    assert len(outside.keys() ^ contacts.keys()) <= 5
    for one, unionid in outside.items():
        if unionid and one in contacts:
            assert contacts[one].person.unionid == unionid


def test_guides_have_talked_on_the_days_before_and_talk_on() -> None:
    world = _town()
    days = of(world.corp).staff_days
    today = day_of(world.now())
    assert sum(one.added for one in days.values()) > 20
    assert 0.5 < sum(len(one.answered) for one in days.values()) / sum(len(one.asked) for one in days.values()) < 1
    assert all(one.asked.keys() >= one.answered.keys() and one.chats >= one.asked.keys() for one in days.values())
    assert max(day for _userid, day in days) == today
    world.advance(world.now() + DAY)
    assert any(day == today and one.chats for (_userid, day), one in days.items())


def test_moving_in_is_told_to_nobody_and_once() -> None:
    world = _town()
    assert not world.outbox.log
    corp = world.corp
    assert {"g0001", "g0160"} <= corp.staff.keys()
    assert all(relation.created <= world.now() for book in of(corp).books.values() for relation in book.relations.values())
    assert sum(len(group.members) for group in of(corp).groups.values()) > 100
    with pytest.raises(ValueError, match="already"):
        living.town(world)


def test_a_week_of_the_town_tells_only_the_truth() -> None:
    world = _town(arrivals_per_hour=5)
    story = _story(world)
    story.receiver.receive_id, story.crypt.receive_id = world.corp.corpid, world.corp.corpid
    external = of(world.corp)
    story.heard = {(relation.userid, one) for one, contact in external.contacts.items() for relation in contact.relations}
    story.post("externalcontact/add_contact_way", {"type": 2, "scene": 2, "user": ["g0001", "g0002"], "state": "card"})
    for _ in range(7):
        living.advance(world, world.now() + DAY)
        story.listen()
    kept = {(relation.userid, one) for one, contact in external.contacts.items() for relation in contact.relations if relation.by_staff}
    assert kept == story.heard
    tally = world.part(Life).tally
    assert tally["came by code"] > 100
    assert {"wrote", "answered", "deleted guide", "noted telephone"} <= tally.keys()
    # Some come from their own corp's WeCom.
    assert 0 < tally["partner came"] == len(external.employers) < 7


def test_arrivals_carry_codes_whose_window_is_open_at_their_instant() -> None:
    world = _town(arrivals_per_hour=20)
    story = _story(world)
    welcomed: Counter[int] = Counter()

    def answer() -> None:
        while world.outbox.log:
            event = fields(world.outbox.log.popleft().body)
            if "WelcomeCode" in event:
                body = {"welcome_code": event["WelcomeCode"], "text": {"content": "欢迎"}}
                welcomed[story.post("externalcontact/send_welcome_msg", body)["errcode"]] += 1

    world.advance(world.now() + 6 * 3600, between=answer)
    assert welcomed.keys() == {0}
    assert welcomed[0] > 60


def test_mass_messages_are_confirmed_late_in_part_or_never() -> None:
    world = _town(8_000)
    story = _story(world)
    tags = [tag.tag_id for tag in of(world.corp).tags.values()]
    body = {
        "tag_filter": {"group_list": [{"tag_list": tags}]},
        "allow_select": True,
        "text": {"content": "会员日"},
        "attachments": [{"msgtype": "link", "link": {"title": "会员日", "url": "https://example.com/m"}}],
    }
    task = of(world.corp).masses[story.post("externalcontact/add_msg_template", body)["msgid"]]
    living.advance(world, world.now() + 2 * DAY)
    confirmed = [delivery for delivery in task.deliveries.values() if delivery.status == 2]
    never = len(task.deliveries) - len(confirmed)
    in_part = [one for one in confirmed if any(status == 0 for status, _ in one.targets.values())]
    assert 0 < never < len(task.deliveries) / 2
    assert 0 < len(in_part) < len(confirmed)
    assert max(one.sent_at for one in confirmed) - min(one.sent_at for one in confirmed) > 6 * 3600
    statuses = Counter(status for delivery in confirmed for status, _ in delivery.targets.values())
    assert statuses[1] > 10 * statuses[2] > 0
    tally = world.part(Life).tally
    assert tally["read mass"] > tally["clicked"] > 0
    assert living.clicks(world)[0][2] == "https://example.com/m"


def test_what_touches_sell_is_what_is_true_of_them() -> None:
    world = _town(30_000)
    story, life = _story(world), world.part(Life)
    tags = [tag.tag_id for tag in of(world.corp).tags.values()]
    story.post("externalcontact/add_msg_template", {"tag_filter": {"group_list": [{"tag_list": tags}]}, "text": {"content": "会员日"}})
    living.advance(world, world.now() + 9 * DAY)
    touched = [life.numbers[row.external_userid] for row in of(world.corp).received if row.kind in {"mass", "chat"}]
    expected = float(np.maximum(life.cast.truth.touch_uplift[touched, 0], 0).sum())
    bought = living.purchases(world)
    assert abs(len(bought) - expected) < 5 * expected**0.5
    effects = living.effects(world)
    # Nearly all of it is by mass messages.
    assert expected * 0.9 < sum(added for _, added, _ in effects) <= expected
    assert len(bought) * 0.8 < sum(orders for _, _, orders in effects) <= len(bought)
    town = Town(5, date.fromisoformat(life.opens_on), 30_000)
    told = touched_orders(town, bought)
    assert told == touched_orders(town, bought)
    assert len({action.body["order_no"] for action in told}) == len(told) > 10
    assert {action.system for action in told} == {System.MINI}
    assert all(action.body["total_minor"] > 0 and action.body["state"] == "paid" for action in told)
    assert [row[0] for row in living.purchases(world, str(bought[-2][0]))] == [bought[-1][0]]


def test_purchases_are_read_over_http_once() -> None:
    world = _town(1_000)
    life = world.part(Life)
    number = next(iter(life.numbers.values()))
    DOINGS["buy"](world, life, number)
    town = Town(5, date.fromisoformat(life.opens_on), 1_000)
    expected = touched_orders(town, living.purchases(world))
    with simulating(world) as simulator:
        touched = Touched(town, simulator.url)
        assert touched.fresh() == expected
        assert touched.fresh() == []
    assert touched.fresh() == []


def test_nobody_acts_at_night_who_does_not_live_by_night() -> None:
    world = _town(8_000)
    living.advance(world, world.now() + 5 * DAY)
    hours = Counter((row.at // 3600 + 8) % 24 for row in of(world.corp).received if row.kind == "said")
    assert sum(hours[hour] for hour in range(1, 6)) < sum(hours.values()) * 0.1


def test_a_snapshot_goes_on_as_if_nothing_had_been(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = _town(1_000, arrivals_per_hour=3)
    living.advance(world, world.now() + DAY)
    path = tmp_path_factory.mktemp("world") / "world.state"
    snapshot.save(world, path)
    again = snapshot.load(path)
    for each in (world, again):
        living.advance(each, each.now() + DAY)
    assert orjson.dumps(living.tally(again)) == orjson.dumps(living.tally(world))


def test_a_day_of_twenty_thousand_contacts_passes_in_seconds() -> None:
    world = _town(70_000)
    story = _story(world)
    tags = [tag.tag_id for tag in of(world.corp).tags.values()]
    story.post("externalcontact/add_msg_template", {"tag_filter": {"group_list": [{"tag_list": tags}]}, "text": {"content": "会员日"}})
    started = time.perf_counter()
    happened = living.advance(world, world.now() + DAY)
    seconds = time.perf_counter() - started
    print(f"a day of {len(world.part(Life).numbers):,} contacts: {happened:,} doings in {seconds:.1f} s")
    assert happened > 10_000
    assert seconds < 20


def test_people_come_by_what_they_can_meet() -> None:
    world = _town(arrivals_per_hour=20.0)
    story, life, corp = _story(world), world.part(Life), world.corp
    by_store: dict[tuple[int, ...], list[str]] = {}
    for one in corp.staff.values():
        by_store.setdefault(one.departments, []).append(one.userid)
    brands = [guides[0] for guides in by_store.values()][:8]
    story.post("externalcontact/add_contact_way", {"type": 2, "scene": 2, "state": "brand", "user": brands})
    for number, guides in enumerate(by_store.values()):
        story.post("externalcontact/add_contact_way", {"type": 2, "scene": 2, "state": f"store {number}", "user": guides})
    wanted = {"link_name": "广告", "range": {"user_list": brands}}
    link = story.post("externalcontact/customer_acquisition/create_link", wanted)["link"]["url"]
    living.town_links(world, [f"{link}?customer_channel=ad"])
    living.advance(world, world.now() + DAY)
    books = of(corp).books
    came = Counter(relation.state for book in books.values() for relation in book.relations.values() if relation.state)
    assert came["ad"] > 30
    # A store's own code is scanned by those whom the store serves, and by nobody from elsewhere.
    stores = sum(count for state, count in came.items() if state.startswith("store "))
    assert came["brand"] > 0.6 * stores > 30
    for number, guides in enumerate(by_store.values()):
        mine = [one for guide in guides for one, relation in books[guide].relations.items() if relation.state == f"store {number}"]
        assert {life.cast.guide(life.numbers[one]) for one in mine} <= set(guides)
