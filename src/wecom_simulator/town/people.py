"""Who the customers are, and how they scatter their identities over the brand's channels.

A person joins on a day and from then on can buy. Each identity has a day on which the brand can learn that it
belongs to the person; many never come. Families share a telephone, some numbers were somebody else's before,
and some people hand their card to a neighbour: these make the cases that a person has to decide.
Numbers run by the day of joining; people who are yet to join lie beyond the last day looked at.
"""

from dataclasses import dataclass

import numpy as np

from wecom_simulator.town.arrays import Flags, Floats, Ints, stream
from wecom_simulator.town.geography import CITIES, GUIDES_PER_STORE, Geography

MINI, SHOP, STORE, VISITOR = 0, 1, 2, 3
"""How a person came: mini program, outside shop, store with a card, or never known at all."""

NEVER = 2**31
"""A day that does not come."""

HORIZON_DAYS = 4 * 366
"""The town draws newcomers for four years from its opening; after that nobody joins."""

_KIND_SHARES = np.array([0.46, 0.25, 0.18, 0.11])
_OLD_SHARE = 0.45
"""Share of the first year's customers that the brand had before the opening."""
_OLD_DAYS = 540

SHARING = 0.05
"""Share of the known people who give somebody else's telephone or card."""

# Chance to use each outside shop, by kind; a shop customer uses at least one.
_USES_TMALL = np.array([0.25, 0.62, 0.15, 0.0])
_USES_DOUYIN = np.array([0.18, 0.48, 0.10, 0.0])
# Chance ever to register in the mini program, and the mean days until then.
_REGISTERS = np.array([1.0, 0.42, 0.50, 0.0])
_REGISTERS_AFTER = np.array([0.0, 70.0, 50.0, 0.0])


@dataclass(frozen=True, slots=True)
class People:
    """One row per person; days are counted from the town's opening and may lie before it."""

    kind: Ints
    joined_day: Ints
    first_seen_day: Ints
    """The first visit as a stranger, on or before the day of joining."""
    registered_day: Ints
    card_day: Ints
    tmall: Flags
    tmall_bound_day: Ints
    """When the outside shop's pseudonym is bound to the registered account."""
    douyin: Flags
    douyin_bound_day: Ints
    wecom_day: Ints
    follows_account: Flags
    gives_phone: Flags
    """Authorises the telephone number when registering."""
    shows_phone: Flags
    """Orders from outside shops carry the plain number."""
    email: Flags
    second_device: Flags
    web: Flags
    web_login: Flags
    """Signs in on the web, which joins that browser to the account."""
    phone_number_of: Ints
    """Number of the person whose telephone this one gives: its own, a relative's, a former owner's."""
    card_number_of: Ints
    household: Ints
    """People of one household are sent over one connection, so that their order is kept."""
    recycled_phone: Flags
    lent_card: Flags
    city: Ints
    store: Ints
    """Home store, or -1 where the city has none."""
    guide: Ints
    male: Flags
    birth_year: Ints
    birth_day: Ints
    child_born_day: Ints
    """Day of the child's birth, or far in the past where there is none."""
    moment_ms: Ints
    """The time of day at which this person registers, takes a card, or changes a consent."""
    sms_consent: Ints
    """0 never asked, 1 subscribed, 2 refused."""
    unsubscribed_day: Ints

    def __len__(self) -> int:
        """Count the people."""
        return len(self.kind)

    def child_months(self, day: int) -> Floats:
        """Give the age of each one's child in months."""
        return (day - self.child_born_day) / 30.44


def count(seed: int, customers: int) -> int:
    """Count the people that `draw` gives."""
    return len(_joining(seed, customers))


def draw(seed: int, geography: Geography, customers: int, unsubscribe_rate: Floats) -> People:
    """Draw the people of the whole horizon; `customers` of them have joined by the end of the first year."""
    joined = _joining(seed, customers)
    size = len(joined)
    rng = stream(seed, "people.kind")
    kind = rng.choice(4, size, p=_KIND_SHARES).astype(np.int64)
    registered = _later(rng, joined, rng.random(size) < _REGISTERS[kind], _REGISTERS_AFTER[kind])
    registered = np.where(kind == MINI, joined, registered)
    city, store = _homes(seed, geography, kind)
    tmall, douyin = _shops(seed, kind)
    rng = stream(seed, "people.identities")
    carded = (kind == MINI) & (rng.random(size) < 0.15) & (store >= 0)
    card = np.where(kind == STORE, joined, _later(rng, registered, carded, np.full(size, 60.0)))
    meets = np.array([0.45, 0.14, 0.32, 0.0])[kind]
    met = np.where(registered < NEVER, registered, joined)
    known = registered < NEVER
    first_seen = np.where(kind == MINI, joined - rng.exponential(4, size).astype(np.int64), joined)
    sharing = _sharing(seed, joined, known | (kind == STORE), card)
    web = (rng.random(size) < np.array([0.2, 0.1, 0.05, 0.5])[kind]).astype(bool)
    unsubscribes = registered + rng.exponential(1 / np.maximum(unsubscribe_rate, 1e-6)).astype(np.int64)
    return People(
        kind=kind,
        joined_day=joined,
        first_seen_day=first_seen,
        registered_day=registered,
        card_day=card,
        tmall=tmall,
        tmall_bound_day=_later(rng, registered, known & tmall & (rng.random(size) < 0.4), np.full(size, 45.0)),
        douyin=douyin,
        douyin_bound_day=_later(rng, registered, known & douyin & (rng.random(size) < 0.25), np.full(size, 45.0)),
        wecom_day=_later(rng, met, rng.random(size) < meets, np.full(size, 25.0)),
        follows_account=known & (rng.random(size) < 0.3),
        gives_phone=rng.random(size) < 0.88,
        shows_phone=rng.random(size) < 0.2,
        email=known & (rng.random(size) < 0.05),
        second_device=rng.random(size) < 0.15,
        web=web,
        web_login=web & known & (rng.random(size) < 0.35),
        male=rng.random(size) < 0.17,
        city=city,
        store=store,
        guide=np.where(store >= 0, store * GUIDES_PER_STORE + rng.integers(0, GUIDES_PER_STORE, size), -1),
        unsubscribed_day=np.where(known, np.minimum(unsubscribes, NEVER), NEVER),
        phone_number_of=sharing.phone,
        card_number_of=sharing.card,
        household=sharing.household,
        recycled_phone=sharing.recycled,
        lent_card=sharing.lent,
        **_lives(seed, joined),
    )


def _joining(seed: int, customers: int) -> Ints:
    """Draw the days of joining, oldest first: some before the opening, the others evenly afterwards."""
    rng = stream(seed, "people.joining")
    old = round(customers * _OLD_SHARE)
    new = round((customers - old) / 365 * HORIZON_DAYS)
    days = np.concatenate([rng.integers(-_OLD_DAYS, 0, old), rng.integers(0, HORIZON_DAYS, new)])
    return np.sort(days).astype(np.int64)


def _later(rng: np.random.Generator, start: Ints, happens: Flags, mean_days: Floats) -> Ints:
    wait = rng.exponential(np.maximum(mean_days, 1e-9)).astype(np.int64)
    return np.where(happens & (start < NEVER), np.minimum(start + wait, NEVER), NEVER).astype(np.int64)


def _homes(seed: int, geography: Geography, kind: Ints) -> tuple[Ints, Ints]:
    """Give each a city and its store; a card holder lives where there is one."""
    rng = stream(seed, "people.homes")
    served = np.array([bool(stores) for stores in geography.stores_of_city])
    near = geography.city_weights * served
    anywhere = rng.choice(len(CITIES), len(kind), p=geography.city_weights)
    beside = rng.choice(len(CITIES), len(kind), p=near / near.sum())
    city = np.where(kind == STORE, beside, anywhere).astype(np.int64)
    draws = rng.random(len(kind))
    store = np.full(len(kind), -1, dtype=np.int64)
    for place, stores in enumerate(geography.stores_of_city):
        here = city == place
        if stores:
            store[here] = np.array(stores)[(draws[here] * len(stores)).astype(np.int64)]
    return city, store


def _shops(seed: int, kind: Ints) -> tuple[Flags, Flags]:
    rng = stream(seed, "people.shops")
    tmall = rng.random(len(kind)) < _USES_TMALL[kind]
    douyin = rng.random(len(kind)) < _USES_DOUYIN[kind]
    tmall |= (kind == SHOP) & ~tmall & ~douyin
    return tmall, douyin


@dataclass(frozen=True, slots=True)
class _Sharing:
    phone: Ints
    card: Ints
    household: Ints
    recycled: Flags
    lent: Flags


def _sharing(seed: int, joined: Ints, known: Flags, card: Ints) -> _Sharing:
    """Draw who shares a telephone or a card, and therefore whose doings must stay in order."""
    rng = stream(seed, "people.sharing")
    own = np.arange(len(joined), dtype=np.int64)
    phone, cards, household = own.copy(), own.copy(), own.copy()
    recycled = np.zeros(len(joined), dtype=bool)
    lent = np.zeros(len(joined), dtype=bool)
    draws = rng.random(len(joined))
    steps = rng.integers(1, 400, len(joined))
    for person in np.flatnonzero(known & (draws < SHARING) & (own > 400)):
        other = int(person - steps[person])
        # Chains are avoided: the other one gives its own telephone and card, and has joined before.
        if household[other] != other or household[person] != person or not known[other]:
            continue
        # Of the people who share three quarters are families, one in eight each got a recycled number or borrow a card.
        share = draws[person] / SHARING
        if share < 0.87:
            phone[person] = other
            recycled[person] = share >= 0.75
        elif card[other] < joined[person]:
            cards[person] = other
            lent[person] = True
        else:
            continue
        household[person] = other
    return _Sharing(phone, cards, household, recycled, lent)


def _lives(seed: int, joined: Ints) -> dict[str, Ints]:
    rng = stream(seed, "people.lives")
    count = len(joined)
    parent = rng.random(count) < 0.62
    # A child from two months before its birth to 30 months old when its parent joins.
    born = joined - (rng.uniform(-2, 30, count) * 30.44).astype(np.int64)
    age = np.where(parent, rng.normal(30, 4, count), rng.normal(38, 11, count))
    return {
        "birth_year": 2025 - np.clip(age, 19, 72).astype(np.int64),
        "birth_day": rng.integers(0, 365, count),
        "child_born_day": np.where(parent, born, -(10**6)),
        # Between 10:00 and 21:00, when stores are open and guides at work.
        "moment_ms": rng.integers(10 * 3_600_000, 21 * 3_600_000, count),
        "sms_consent": rng.choice(3, count, p=[0.28, 0.6, 0.12]).astype(np.int64),
    }
