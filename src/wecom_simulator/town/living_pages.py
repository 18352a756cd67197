"""People of the town read the pages behind prints on their phones: first the page, then, if they like it, the code it shows."""

from wecom_simulator import actions
from wecom_simulator.external import friends
from wecom_simulator.phones import Phones, Visit
from wecom_simulator.registry import timer
from wecom_simulator.town import living_cast, names
from wecom_simulator.town.living import Life, arm, doing, hour_after
from wecom_simulator.town.living_doings import settled, tried
from wecom_simulator.town.living_prints import PACKAGE, Prints
from wecom_simulator.world import World

_READ = "town.page_read"
_DAY = 86_400
_OPENS_AGAIN, _SHOWN_TO_A_FRIEND = 0.12, 0.04
# How likely somebody adds a guide by a print: who has none yet, and who has.
_ADDS, _ADDS_ANOTHER = 0.6, 0.15
# Whoever came for money only leaves within a day of it.
_LEAVES_AFTER_CASH = {True: 0.5, False: 0.06}


@doing
def open_print(world: World, life: Life, number: int, key: str, place: int, keenness: float = 0.0) -> None:
    """Open the page behind a print on one's own phone; who is keen adds whose code it shows."""
    batch = world.part(Prints).batches[key]
    who = living_cast.person(world, world.corp, life.cast, number)
    presses = batch.kind == PACKAGE and life.random.random() < 0.5 + 0.4 * float(life.cast.truth.price_sensitivity[number])
    arguments = {"number": number, "key": key, "place": place, "keenness": keenness}
    world.part(Phones).visit(Visit(who.unionid, batch.urls[place % len(batch.urls)], _READ, arguments, presses))


@timer(_READ)
def page_read(world: World, *, status: int, shows_picture: bool, pressed: bool, number: int, key: str, place: int, keenness: float) -> None:
    """Decide what to do after a page has been read: add whose code it shows, come back later, show it to a friend."""
    life, batch = world.part(Life), world.part(Prints).batches[key]
    if status != 200:
        life.counts(f"missed page of {batch.kind}")
        return
    life.counts(f"opened {batch.kind}")
    if pressed:
        life.counts(f"pressed {batch.kind}")
    now, unionid = world.now(), names.unionid(life.seed, number)
    is_known = friends.id_of(world.corp, unionid) in friends.of(world.corp).contacts
    if shows_picture and life.random.random() < max(keenness, _ADDS_ANOTHER if is_known else _ADDS):
        life.plan(now + life.random.uniform(6, 60), "add_by_print", number, key)
    if life.random.random() < _OPENS_AGAIN:
        life.plan(hour_after(life, number, now), "open_print", number, key, place)
    if batch.kind == PACKAGE and life.random.random() < _SHOWN_TO_A_FRIEND:
        life.plan(now + life.random.uniform(60, _DAY), "open_print", (number + 1) % len(life.cast.people), key, place)
    arm(world, life)


@doing
def add_by_print(world: World, life: Life, number: int, key: str) -> None:
    """Press and hold the code that the page showed."""
    batch, unionid = world.part(Prints).batches[key], names.unionid(life.seed, number)
    life.numbers[friends.id_of(world.corp, unionid)] = number
    outcome = tried(life, f"came by {batch.kind}", actions.scan, world, batch.way, unionid)
    settled(world, life, number, outcome)
    leaves = _LEAVES_AFTER_CASH[bool(life.cast.truth.coupon_hunter[number])] if batch.hook == "cash" else 0.0
    if outcome and life.random.random() < leaves:
        life.plan(hour_after(life, number, world.now()), "leave", number)
