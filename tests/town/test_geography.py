"""The organisation has the shape that was promised, in real places."""

from collections import Counter
from math import cos, hypot, radians

from wecom_simulator.town.geography import CITIES, GUIDES_PER_STORE, STORE_HOURS, geography


def test_five_regions_twelve_dealers_forty_stores_and_160_guides() -> None:
    kinds = Counter(unit.kind for unit in geography(7).units)
    assert kinds == {"headquarters": 1, "region": 5, "dealer": 12, "store": 40}
    assert len(geography(7).guides) == 40 * GUIDES_PER_STORE


def test_parents_come_first_and_codes_are_unique() -> None:
    seen: set[str | None] = {None}
    above = {"headquarters": None, "region": "headquarters", "dealer": "region", "store": "dealer"}
    kind_of: dict[str | None, str | None] = {None: None}
    for unit in geography(7).units:
        assert unit.parent in seen
        assert unit.code not in seen
        assert kind_of[unit.parent] == above[unit.kind]
        seen.add(unit.code)
        kind_of[unit.code] = unit.kind


def test_stores_stand_within_ten_kilometres_of_their_city() -> None:
    for store in geography(7).stores:
        assert store.city is not None
        city = CITIES[store.city]
        east = (store.longitude - city.longitude) * 111.32 * cos(radians(city.latitude))
        north = (store.latitude - city.latitude) * 110.57
        assert hypot(east, north) < 10
        assert city.name in store.address
        assert city.name in store.name


def test_places_do_not_move_with_the_seed_but_people_do() -> None:
    assert geography(7).stores == geography(8).stores
    assert geography(7).guides != geography(8).guides


def test_opening_hours_cover_the_week() -> None:
    assert list(STORE_HOURS) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for spans in STORE_HOURS.values():
        assert all(opens < closes for opens, closes in spans)


def test_each_store_has_one_leader() -> None:
    leaders = Counter(guide.store for guide in geography(7).guides if guide.title == "店长")
    assert leaders == dict.fromkeys(range(40), 1)
