"""The list and the page of members: what they show, to whom, and in how few questions."""

import datetime as dt

import pytest

from tests.support.activity import NOON, order, refund
from tests.support.console import Console, everything, somebody
from tests.support.people import identity
from tests.support.workspaces import recorded
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer
from wellspring.console.http.shapes import MemberListOut, MemberOut, MemberPageOut
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Permission

PHONES = ("13800001234", "13900001111", "13700002222")


@pytest.fixture
def members(console: Console) -> dict[str, int]:
    """Three members by phone; the first two bought, the first has a home."""
    claims = [
        Claim([identity(f"phone:{phone}")], at=NOON, source="wecom" if place else "tmall", attributes={"name": "张三", "city": "上海"})
        for place, phone in enumerate(PHONES)
    ]
    numbers = people.resolve(console.ws, by=SYSTEM, claims=claims).member_nos
    activity.write_orders(
        console.ws,
        by=SYSTEM,
        orders=[
            order(buyer=(Buyer("phone", PHONES[0]),)),
            order(order_no="1002", buyer=(Buyer("phone", PHONES[0]),), placed_at=NOON + dt.timedelta(days=1)),
            order(order_no="1003", buyer=(Buyer("phone", PHONES[1]),)),
        ],
    )
    activity.write_refunds(console.ws, by=SYSTEM, refunds=[refund(amount_minor=500)])
    return dict(zip(PHONES, numbers, strict=True))


def store(console: Console, code: str) -> str:
    return organization.create_unit(console.ws, by=SYSTEM, draft=UnitDraft(code=code, name=f"门店 {code}", kind=UnitKind.STORE)).id


def home(console: Console, member_no: int, unit_id: str) -> None:
    member = people.members_of(console.ws, by=SYSTEM, member_nos=[member_no])[member_no]
    people.change(console.ws, by=SYSTEM, member_id=member.id, home_unit_id=unit_id, moves=True)


class TestList:
    def test_the_ladder(self, console: Console, members: dict[str, int]) -> None:
        assert console.client.get("/api/members").status_code == 401
        console.by = somebody()
        assert console.client.get("/api/members").status_code == 403
        console.by = somebody(Permission.MEMBER_READ)
        assert console.client.get("/api/members").status_code == 200

    def test_rows_are_masked_and_know_what_was_bought(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        answer = console.client.get("/api/members")
        listed = MemberListOut.model_validate_json(answer.content)
        assert listed.total == 3
        bought = {row.member_no: (row.orders_count, row.revenue_minor) for row in listed.rows}
        assert bought == {members[PHONES[0]]: (2, 35760), members[PHONES[1]]: (1, 17880), members[PHONES[2]]: (0, 0)}
        assert {row.phone_masked for row in listed.rows} == {"138****1234", "139****1111", "137****2222"}
        assert not any(phone in answer.text for phone in PHONES)

    @pytest.mark.parametrize(
        ("query", "places"),
        [
            ("source=tmall", [0]),
            ("has_orders=true", [1, 0]),
            ("has_orders=false", [2]),
            ("identity=phone:13900001111", [1]),
            ("q=13700002222", [2]),
            ("identified=false", []),
            ("sort=created_at", [0, 1, 2]),
            ("state=merged", []),
        ],
    )
    def test_filters(self, console: Console, members: dict[str, int], query: str, places: list[int]) -> None:
        console.by = everything()
        listed = console.client.get(f"/api/members?{query}").json()
        assert [row["member_no"] for row in listed["rows"]] == [members[PHONES[place]] for place in places]

    @pytest.mark.parametrize("query", ["identity=phone", "identity=shoe:42", "sort=shoe", "cursor=x", "limit=0", "created_from=yesterday"])
    def test_what_cannot_be_asked_is_refused(self, console: Console, query: str) -> None:
        console.by = everything()
        assert console.client.get(f"/api/members?{query}").status_code == 422

    def test_pages_follow_each_other(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        first = console.client.get("/api/members?limit=2").json()
        second = console.client.get("/api/members", params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert len({row["member_no"] for row in [*first["rows"], *second["rows"]]}) == 3
        assert second["next_cursor"] is None

    def test_the_number_of_statements_does_not_grow_with_the_rows(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        console.client.get("/api/members")
        counts = []
        for limit in (1, 3):
            with recorded(console.ws) as statements:
                console.client.get(f"/api/members?limit={limit}")
            counts.append(len(statements.of("SELECT")))
        assert counts[0] == counts[1] <= 8


class TestScope:
    def test_only_members_of_one_s_own_stores_are_seen(self, console: Console, members: dict[str, int]) -> None:
        mine, other = store(console, "S1"), store(console, "S2")
        home(console, members[PHONES[0]], mine)
        home(console, members[PHONES[1]], other)
        console.by = somebody(Permission.MEMBER_READ, units=frozenset({mine}))
        listed = console.client.get("/api/members").json()
        assert [(row["member_no"], row["home_unit"]) for row in listed["rows"]] == [(members[PHONES[0]], {"id": mine, "name": "门店 S1"})]
        hidden = people.members_of(console.ws, by=SYSTEM, member_nos=[members[PHONES[1]]])[members[PHONES[1]]]
        for address in (hidden.id, str(hidden.member_no)):
            assert console.client.get(f"/api/members/{address}").status_code == 404
            assert console.client.get(f"/api/members/{address}/page").status_code == 404
        assert console.client.get(f"/api/members?identity=phone:{PHONES[1]}").json()["rows"] == []


class TestPage:
    def test_one_answer_holds_everything(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        answer = console.client.get(f"/api/members/{members[PHONES[0]]}/page")
        page = MemberPageOut.model_validate_json(answer.content)
        assert page.member.phone_masked == "138****1234"
        assert [(one.kind, one.value) for one in page.member.identities] == [("phone", "138****1234")]
        assert {one.name: one.value for one in page.member.attributes}["city"] == "上海"
        assert (page.stats.orders, page.stats.revenue_minor, page.stats.refunds_minor, page.stats.average_order_minor) == (
            2,
            35760,
            500,
            17880,
        )
        assert [(one.order_no, one.refunded_minor) for one in page.orders.rows] == [("1002", 0), ("1001", 500)]
        assert {one.kind for one in page.timeline.rows} == {"Order Placed", "Order Completed", "Order Refunded"}
        assert page.merges == []
        assert PHONES[0] not in answer.text

    def test_a_member_alone(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        found = people.members_of(console.ws, by=SYSTEM, member_nos=[members[PHONES[1]]])[members[PHONES[1]]]
        member = MemberOut.model_validate_json(console.client.get(f"/api/members/{found.id}").content)
        assert (member.id, member.orders_count, member.suppressed, member.merged_into) == (found.id, 1, False, None)

    def test_after_a_merge_the_survivor_has_everything(self, console: Console, members: dict[str, int]) -> None:
        console.by = everything()
        ids = [one.id for one in people.members_of(console.ws, by=SYSTEM, member_nos=[members[PHONES[0]], members[PHONES[2]]]).values()]
        merged = people.merge(console.ws, by=everything(), ids=ids, reason="同一人")
        assert merged is not None
        page = MemberPageOut.model_validate_json(console.client.get(f"/api/members/{merged.survivor_no}/page").content)
        assert [one.id for one in page.merges] == [merged.id]
        assert len(page.member.identities) == 2
        loser = console.client.get(f"/api/members/{merged.loser_no}").json()
        assert (loser["state"], loser["merged_into"]) == ("merged", merged.survivor_no)

    @pytest.mark.parametrize("address", ["mem_nobody", "0", "99999999999999999999", "4294967295", "%20"])
    def test_nobody_is_404(self, console: Console, address: str) -> None:
        console.by = everything()
        for path in (f"/api/members/{address}", f"/api/members/{address}/page"):
            assert console.client.get(path).status_code == 404
