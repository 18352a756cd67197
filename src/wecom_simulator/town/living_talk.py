"""How guides and customers talked on days that nobody watched: the figures of 「联系客户统计」, without the words."""

from random import Random

from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import External

# How far back figures are told of a town that moves in.
_DAYS = 60
# Chats a day: a few for everybody, more for whoever has more customers.
_CHATS, _CHATS_A_CUSTOMER, _CHATS_MOST = 0.8, 0.1, 40
_MESSAGES = (1, 9)
# Share of chats that the customer begins; who was slow to answer that day did so after this many minutes in the middle.
_ASKED = 0.6
_ANSWERED, _MINUTES = (0.72, 0.99), (2.0, 28.0)


def settle_talk(external: External, seed: int, until: int) -> None:
    """Tell the figures of the days before an instant, with whoever was added on them."""
    today = rules.day_of(until)
    for userid, book in external.books.items():
        for relation in book.relations.values():
            if today - _DAYS <= rules.day_of(relation.created) <= today:
                figures = friends.staff_day(external, userid, relation.created)
                figures.applied += 1
                figures.added += 1
                figures.lost += not relation.by_customer
    for day in range(today - _DAYS, today):
        talk(external, seed, day)


def talk(external: External, seed: int, day: int) -> None:
    """Let every guide have talked with some of their customers on a day that has ended."""
    at = rules.midnight(day)
    for userid, book in external.books.items():
        known = [one for one, relation in book.relations.items() if relation.created < at and relation.by_customer]
        if not known:
            continue
        habit, draw = Random(f"{seed}/{userid}"), Random(f"{seed}/{userid}/{day}")
        answers, minutes = habit.uniform(*_ANSWERED), habit.uniform(*_MINUTES)
        wished = min(_CHATS + _CHATS_A_CUSTOMER * len(known), _CHATS_MOST) * habit.uniform(0.4, 1.6) * draw.uniform(0.3, 1.7)
        figures = friends.staff_day(external, userid, at)
        for one in draw.sample(known, min(round(wished), len(known))):
            figures.chats.add(one)
            figures.messages += draw.randint(*_MESSAGES)
            if draw.random() < _ASKED:
                figures.asked[one] = at
                if draw.random() < answers:
                    figures.answered[one] = round(draw.lognormvariate(0, 0.7) * minutes * 60)
