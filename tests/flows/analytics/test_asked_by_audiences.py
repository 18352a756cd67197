"""Every published trait can be asked by an audience, and the single answer says the same of every member."""

import datetime as dt
from typing import Any

import pytest

from tests.support.people import OPERATOR, claim, identity, member_id, resolve
from tests.support.sales import Sale, put_sales
from wellspring.analytics import api as analytics
from wellspring.audiences import api as audiences
from wellspring.kernel import traits
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord

ASKED: list[tuple[dict[str, Any], set[int]]] = [
    ({"trait": "people.reachable", "includes": "sms"}, {1}),
    ({"trait": "people.consents", "includes": "marketing.sms"}, {1}),
    ({"trait": "people.identified", "is": True}, {1, 2, 3, 4, 5, 6, 7}),
    ({"trait": "people.source", "is": "tmall"}, {2, 4, 6}),
    ({"trait": "people.created_at", "within_last": "1d"}, {1, 2, 3, 4, 5, 6, 7}),
    ({"trait": "orders.count", "lt": 1}, {6, 7}),
    ({"trait": "orders.revenue", "gte": 20}, {2, 3, 4, 5}),
    ({"trait": "orders.last_at", "before": "30d"}, {3, 4, 5}),
    ({"trait": "orders.days_since_last", "between": [20, 40]}, {2, 3, 4}),
    ({"trait": "orders.shops", "includes": "tmall"}, {1, 2, 3, 4, 5}),
    ({"trait": "rfm.cell", "is": "5-1-1"}, {1}),
    ({"trait": "rfm.recency", "gte": 4}, {1, 2}),
    ({"trait": "rfm.segment", "in": ["new", "champions"]}, {1}),
    ({"trait": "lifecycle.stage", "in": ["new"]}, {6, 7}),
    ({"trait": "lifecycle.next_expected_at", "within_next": "30d"}, {3, 4, 5}),
]


@pytest.fixture
def ws(workspace: Workspace) -> Workspace:
    now = workspace.clock.now()
    sources = ["wecom", "tmall"]
    resolve(workspace, *(claim(f"user_id:u{n}", f"phone:1380000{n:04d}", at=now, source=sources[n % 2]) for n in range(7)))
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, now, "list", "v1", identity("phone:13800000000"))
    people.put_consent(workspace, by=OPERATOR, member_id=member_id(workspace, 1), word=word)
    put_sales(workspace, [Sale(n, 1000 * n, now - dt.timedelta(days=n * 10)) for n in range(1, 6)])
    analytics.derive(workspace)
    return workspace


def test_traits_are_asked(ws: Workspace) -> None:
    for definition, wanted in ASKED:
        assert set(audiences.members_of(ws, definition=definition)) == wanted, definition


def test_everything_published_has_words_and_one_way_to_be_read(ws: Workspace) -> None:
    for trait in traits.listing():
        assert trait.zh, trait.name
        assert trait.help_zh, trait.name
        assert trait.help_en, trait.name
        assert (trait.relation is None) != (trait.sets is None), trait.name
        assert hash(trait.version(ws)) == hash(trait.version(ws)), trait.name
        trait.of_member(ws, 1, None)
