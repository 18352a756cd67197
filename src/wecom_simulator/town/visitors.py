"""Buyers of the town whom nobody follows yet: whoever plays a customer can be one of them, with a past in the brand's systems."""

from random import Random

from wecom_simulator.external import friends
from wecom_simulator.registry import action
from wecom_simulator.town import living_cast, names
from wecom_simulator.town.living import Life
from wecom_simulator.world import World

_TRIES = 400


@action("镇上还没加好友的老顾客")
def town_buyers(world: World, count: int = 8) -> list[dict[str, str]]:
    """Some who are registered with the brand and no contacts yet; the town leaves it to the visitor what they do next."""
    life = world.part(Life)
    if not life.opens_on:
        raise ValueError("the town does not live here (action: town)")
    drawn, contacts = life.cast, friends.of(world.corp).contacts
    day, random = drawn.day(world.now()), Random(f"{life.seed} {len(life.numbers)}")
    found: dict[int, dict[str, str]] = {}
    for _ in range(_TRIES):
        number = random.randrange(len(drawn.people))
        external_userid = names.external_userid(life.seed, number)
        known = external_userid in contacts or external_userid in life.numbers or number in found
        if known or drawn.people.registered_day[number] > day:
            continue
        who = living_cast.person(world, world.corp, drawn, number)
        found[number] = {"unionid": who.unionid, "nickname": who.nickname, "phone": who.phone or ""}
        if len(found) >= count:
            break
    return list(found.values())
