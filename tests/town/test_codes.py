"""The brand's codes over HTTP: what is asked for is what the API takes, every part hangs together, and nothing is made twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.listener import Listener, instant, listening
from wecom_simulator.town import __main__ as command
from wecom_simulator.town import codes
from wellspring.acquisition.contracts.codes import CodeKind, Newness
from wellspring.acquisition.http.item_codes import DrawIn, ItemBatchIn
from wellspring.acquisition.http.shapes_cards import CardBatchIn, DesignIn
from wellspring.acquisition.http.shapes_codes import CodeIn, draft_of
from wellspring.acquisition.rules import duty, welcomes

NOW = "2026-01-01T04:00:00+00:00"
_CODES, _DESIGNS, _CARDS, _ITEMS = "/api/acquisition/codes", "/api/cards/designs", "/api/cards/batches", "/api/item-codes/batches"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A brand of 30 stores with four guides each, whom the account knows but for the last one."""
    with listening() as each:
        staff = [{"id": f"stf_{number}", "code": f"G{number:04d}", "unit_id": f"unit_{number // 4}"} for number in range(120)]
        known = {"staff_id": None, "is_active": True, "can_contact": True}
        each.rows = {
            "/api/org/staff": staff,
            "/api/channels/accounts": [{"id": "acc_o", "kind": "official"}, {"id": "acc_1", "kind": "wecom"}],
            "/api/channels/accounts/acc_1/staff": [{**known, "staff_id": one["id"]} for one in staff[:-1]] + [known],
            "/api/groups": [{"chat_id": f"wr{number}", "dissolved_at": NOW if number == 1 else None} for number in range(8)],
        }
        yield each


def _run(listener: Listener, *more: str) -> int:
    return command.main(["codes", "--url", listener.url, "--api-key", "a", "--now", NOW, *more])


def _bodies(listener: Listener, path: str) -> list[dict[str, Any]]:
    return [heard.body for heard in listener.of(path)]


def test_every_code_is_one_that_the_api_takes(listener: Listener) -> None:
    assert _run(listener) == 0
    drafts = [draft_of(CodeIn.model_validate(body)) for body in _bodies(listener, _CODES)]
    kinds = [draft.kind for draft in drafts]
    assert {kind: kinds.count(kind) for kind in CodeKind} == {"channel": 4, "store": 1, "group": 1, "link": 1}
    tags = {(tag["group"], tag["name"]) for tag in _bodies(listener, "/api/tags")}
    for draft in drafts:
        assert draft.account_id == "acc_1"
        needs_staff = draft.kind in {CodeKind.CHANNEL, CodeKind.LINK}
        assert duty.problem_of(draft.plan, is_single=False, needs_staff=needs_staff) is None
        assert welcomes.problem_of(draft.welcome) is None
        assert set(draft.tags) <= tags
        assert draft.tags
        assert "stf_119" not in draft.plan.staff_ids
        if draft.kind is not CodeKind.GROUP:
            # Back, by night, by day.
            assert [variant.newness for variant in draft.welcome] == [Newness.RETURNING, Newness.ANYONE, Newness.ANYONE]


def test_a_code_of_many_has_back_up_that_is_not_on_shift(listener: Listener) -> None:
    _run(listener)
    [parcel] = [body for body in _bodies(listener, _CODES) if body["name"] == codes.PARCEL]
    on_shift, backup = set(parcel["plan"]["shifts"][0]["staff_ids"]), set(parcel["plan"]["backup_staff_ids"])
    assert len(on_shift) > 5
    assert len(backup) > 1
    assert not on_shift & backup


def test_groups_that_are_there_are_led_into(listener: Listener) -> None:
    _run(listener)
    [group] = [body for body in _bodies(listener, _CODES) if body["kind"] == "group"]
    assert group["groups"]["chat_ids"] == ["wr0", "wr2", "wr3", "wr4", "wr5"]


def test_two_designs_were_shipped_a_month_ago_each_with_a_code_of_its_own(listener: Listener) -> None:
    _run(listener)
    made = {row["name"]: row["id"] for row in listener.rows[_CODES]}
    assert len([DesignIn.model_validate(body).draft() for body in _bodies(listener, _DESIGNS)]) == 2
    batches = [CardBatchIn.model_validate(body) for body in _bodies(listener, _CARDS)]
    assert [batch.design_id for batch in batches] == [row["id"] for row in listener.rows[_DESIGNS]]
    for batch in batches:
        assert batch.template_code_id == made[codes.PARCEL]
        assert str(batch.shipped_on) == "2025-12-02"


def test_packages_carry_a_draw_that_can_be_paid(listener: Listener) -> None:
    _run(listener)
    [batch] = [ItemBatchIn.model_validate(body) for body in _bodies(listener, _ITEMS)]
    assert batch.codes == codes.ITEM_CODES
    assert batch.code_id in {row["id"] for row in listener.rows[_CODES]}
    [heard] = [each for each in listener.heard if each.path.endswith("/draw")]
    draw = DrawIn.model_validate(heard.body)
    assert sum(prize.count * prize.value_minor for prize in draw.prizes) <= draw.budget_minor
    assert sum(prize.count for prize in draw.prizes) < batch.codes
    assert draw.starts_at.timestamp() * 1000 == instant(NOW)
    assert listener.rows["/api/item-codes/draws/draw-1"][0]["state"] == "published"


def test_a_second_call_changes_nothing(listener: Listener) -> None:
    _run(listener)
    before = len(listener.heard)
    assert _run(listener, "--account", "acc_1") == 0
    assert {heard.method for heard in listener.heard[before:]} == {"GET"}


def test_without_staff_it_says_so(listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    listener.rows["/api/channels/accounts/acc_1/staff"] = []
    assert _run(listener) == 1
    assert "staff" in capsys.readouterr().err
