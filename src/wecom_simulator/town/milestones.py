"""The days on which a customer becomes better known: registering, taking a card, binding a shop, adding a guide.

Each milestone is on a fixed day of the person's life, so a day's milestones need no day before it. Those of
customers whom the brand had before the opening lie on negative days.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from wecom_simulator.town import names
from wecom_simulator.town.actions import Action, Body, Json, Kind, System, iso, midnight_ms
from wecom_simulator.town.arrays import Ints
from wecom_simulator.town.geography import CITIES, Geography
from wecom_simulator.town.orders import MINI_APP
from wecom_simulator.town.people import STORE, People
from wecom_simulator.town.shopping import IN_DOUYIN, IN_TMALL, SHOPS

ACCOUNT_APP = "wx8c41d0e7a6b25f93"
"""The Official Account's app id."""

CONSENT_VERSION = "2025-03"

_SOURCES = ("包裹卡", "门店", "直播间", "公众号", "好友推荐")


class Milestones:
    """Tells what becomes known on a day."""

    def __init__(self, seed: int, opens_on: date, geography: Geography, people: People) -> None:
        self._seed = seed
        self._opens_on = opens_on
        self._geography = geography
        self._people = people

    @property
    def first_day(self) -> int:
        """The day of the oldest milestone."""
        return int(self._people.joined_day.min())

    def day(self, day: int) -> list[Action]:
        """Tell the milestones of one day."""
        people = self._people
        start = midnight_ms(self._opens_on + timedelta(days=day))
        return [
            *(self._card_member(person, self._at(start, person)) for person in _of(people.joined_day, day) if people.kind[person] == STORE),
            *(action for person in _of(people.registered_day, day) for action in self._registration(person, self._at(start, person))),
            *(
                self._known_by(person, start, 1, System.STORE, card_no=names.card(person))
                for person in _of(people.card_day, day)
                if people.kind[person] != STORE
            ),
            *(self._bound(person, start, IN_TMALL) for person in _of(people.tmall_bound_day, day)),
            *(self._bound(person, start, IN_DOUYIN) for person in _of(people.douyin_bound_day, day)),
            *(action for person in _of(people.wecom_day, day) for action in self._contact(person, day, start)),
            *(
                self._withdrawal(person, start)
                for person in _of(people.unsubscribed_day, day)
                if people.sms_consent[person] == 1 and people.gives_phone[person]
            ),
        ]

    def _withdrawal(self, person: int, start: int) -> Action:
        return self._consent(person, self._at(start, person) + 9, "sms", "unsubscribed")

    def _at(self, start: int, person: int) -> int:
        return start + int(self._people.moment_ms[person])

    def _attributes(self, person: int) -> Body:
        """What a customer tells about itself; families with a child tell its birthday."""
        people = self._people
        city = CITIES[int(people.city[person])]
        birthday = date(int(people.birth_year[person]), 1, 1) + timedelta(days=int(people.birth_day[person]))
        attributes: Body = {
            "name": names.given_name(self._seed, "customer", person, male=bool(people.male[person])),
            "gender": "男" if people.male[person] else "女",
            "birthday": birthday.isoformat(),
            "city": city.name,
            "province": city.province,
        }
        if people.child_born_day[person] > -(10**5):
            born = self._opens_on + timedelta(days=int(people.child_born_day[person]))
            attributes["baby_birthday"] = born.isoformat()
        if people.store[person] >= 0:
            attributes["home_store"] = self._geography.stores[int(people.store[person])].code
        return attributes

    def _card_member(self, person: int, at_ms: int) -> Action:
        """Take a card at the till: the till's terminal tells the card, the telephone and what was filled in."""
        terminal = names.device(self._seed, person, 9)
        known = {"card_no": names.card(person), "phone": self._phone(person)}
        return self._identify(person, at_ms, "card", terminal, self._attributes(person), known, stranger=True, system=System.STORE)

    def _registration(self, person: int, at_ms: int) -> Iterator[Action]:
        """Register in the mini program: one identify, and what the person said about messages."""
        people = self._people
        traits = self._attributes(person)
        traits["created_at"] = iso(at_ms)
        if people.gives_phone[person]:
            traits["phone"] = self._phone(person)
        if people.email[person]:
            traits["email"] = names.email(self._seed, person)
        known = {"unionid": names.unionid(self._seed, person)}
        openids = {MINI_APP: names.openid(self._seed, MINI_APP, person)}
        if people.follows_account[person]:
            openids[ACCOUNT_APP] = names.openid(self._seed, ACCOUNT_APP, person)
        device = names.device(self._seed, person, 0)
        yield self._identify(person, at_ms, "register", device, traits, known, openid=openids)
        if people.second_device[person]:
            yield self._identify(person, at_ms + 3, "device", names.device(self._seed, person, 1), {}, {})
        if people.web_login[person]:
            yield self._identify(person, at_ms + 6, "web", names.device(self._seed, person, 2), {}, {}, system=System.WEB)
        if people.gives_phone[person] and people.sms_consent[person]:
            state = "subscribed" if people.sms_consent[person] == 1 else "unsubscribed"
            yield self._consent(person, at_ms + 8, "sms", state)

    def _contact(self, person: int, day: int, start: int) -> Iterator[Action]:
        """Add a guide in WeCom: its unionid is known to WeCom, so that it can meet the registration later."""
        people = self._people
        at_ms = self._at(start, person) + 40
        outside = names.external_userid(self._seed, person)
        if people.registered_day[person] > day:
            known = {"external_userid": outside}
            # One contact in four has not granted the unionid: a fragment that may never be joined.
            if person % 4:
                known["unionid"] = names.unionid(self._seed, person)
            telephone = names.device(self._seed, person, 8)
            yield self._identify(person, at_ms, "contact", telephone, {}, known, stranger=True, system=System.WECOM)
            return
        yield self._known_by(person, start, 4, System.WECOM, external_userid=outside)
        body: Body = {
            "type": "track",
            "messageId": self._message_id("contact", person),
            "timestamp": iso(at_ms + 1),
            "userId": names.account(person),
            "event": "WeCom Contact Added",
            "properties": {
                "staff": self._geography.guides[int(people.guide[person])].code if people.guide[person] >= 0 else "",
                "source": _SOURCES[person % len(_SOURCES)],
            },
        }
        yield self._action(at_ms + 1, Kind.MESSAGE, System.WECOM, person, body)

    def _bound(self, person: int, start: int, shop: int) -> Action:
        """Bind an outside shop's pseudonym to the account (会员通)."""
        value = {SHOPS[shop]: names.buyer(SHOPS[shop], self._seed, person)}
        at_ms = self._at(start, person) + 20 + shop
        device = names.device(self._seed, person, 0)
        return self._identify(person, at_ms, f"bind.{SHOPS[shop]}", device, {}, {}, buyer_id=value)

    def _known_by(self, person: int, start: int, step: int, system: System, **known: str) -> Action:
        """Join one more identity; a registered account carries it, a stranger's device otherwise."""
        at_ms = self._at(start, person) + 10 * step
        device = names.device(self._seed, person, 0)
        return self._identify(person, at_ms, next(iter(known)), device, {}, known, system=system)

    def _identify(
        self,
        person: int,
        at_ms: int,
        purpose: str,
        device: str,
        traits: Body,
        known: dict[str, str],
        *,
        stranger: bool = False,
        system: System = System.MINI,
        **scoped: dict[str, str],
    ) -> Action:
        outside: list[Json] = [{"id": value, "type": kind, "collection": "users", "encoding": "none"} for kind, value in known.items()]
        for kind, values in scoped.items():
            # An openid is one app's, a buyer's pseudonym one shop's: the namespace says whose.
            outside += [
                {"id": value, "type": kind, "namespace": namespace, "collection": "users", "encoding": "none"}
                for namespace, value in values.items()
            ]
        body: Body = {
            "type": "identify",
            "messageId": self._message_id(purpose, person),
            "timestamp": iso(at_ms),
            "anonymousId": device,
            "traits": traits,
        }
        if not stranger:
            body["userId"] = names.account(person)
        if outside:
            body["context"] = {"externalIds": outside}
        return self._action(at_ms, Kind.MESSAGE, system, person, body)

    def _consent(self, person: int, at_ms: int, channel: str, state: str) -> Action:
        body: Body = {
            "identity": {"kind": "user_id", "value": names.account(person)},
            "purpose": "marketing",
            "channel": channel,
            "address": self._phone(person),
            "state": state,
            "source": "小程序授权页" if state == "subscribed" else "小程序设置页",
            "version": CONSENT_VERSION,
            # The person pressed the button: no list that was bought somewhere.
            "explicit": True,
            "at": iso(at_ms),
        }
        return self._action(at_ms, Kind.CONSENT, System.MINI, person, body)

    def _action(self, at_ms: int, kind: Kind, system: System, person: int, body: Body) -> Action:
        return Action(at_ms, kind, system, int(self._people.household[person]), person, body)

    def _phone(self, person: int) -> str:
        return names.phone(self._seed, int(self._people.phone_number_of[person]))

    def _message_id(self, purpose: str, person: int) -> str:
        return f"town-{self._seed}-{purpose}-{person}"


def _of(days: Ints, day: int) -> list[int]:
    return [int(person) for person in np.flatnonzero(days == day)]
