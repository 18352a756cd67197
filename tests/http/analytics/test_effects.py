"""Experiments, the holdout, reports, the league and costs over HTTP: who may see them, and what a broken split does not tell."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from pyroaring import BitMap

from tests.support.console import Console, everything, somebody
from tests.support.people import claim, member_id, resolve
from tests.support.sales import Sale, put_sales
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.proof import Design, Terms
from wellspring.engagement.service import exposing
from wellspring.kernel.arms import OUTSIDE, Holdout, held_by
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people

DAY = dt.timedelta(days=1)
DESIGN = Design(5_000, (1,), ("首单券",), Terms(window_days=7, is_any_day=False))


def begun(console: Console, *, members: int = 200, more: int = 0) -> str:
    """An experiment whose treated buy twice as often; `more` put where the plan did not."""
    ws = console.ws
    with ws.sql.write() as tx:
        now = ws.clock.now()
        made = exposing.declare(ws, tx, origin_kind="campaign", origin_id="cam_1", name="春季群发", design=DESIGN, by=SYSTEM, at=now)
        numbers = np.arange(1, members + 1)
        # A salt of the test's own: chance is the same in every workspace.
        control = BitMap(numbers[held_by([Holdout("test", 5_000)], numbers) != OUTSIDE].tolist())
        treated = BitMap(range(1, members + 1)) - control
        for arm, here in enumerate((control, treated)):
            exposing.expose(ws, tx, experiment_id=made.id, arm=arm, members=here, at=now)
        if more:
            exposing.expose(ws, tx, experiment_id=made.id, arm=1, members=BitMap(range(5_000, 5_000 + more)), at=now)
    buyers = [*[n for n in control if n % 4 == 0], *[n for n in treated if n % 2 == 0]]
    put_sales(ws, [Sale(number, 10_000 + number, now + DAY) for number in buyers])
    return made.id


def asked(console: Console, path: str, **query: Any) -> Any:
    answer = console.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/api/experiments", "/api/effects", "/api/holdout", "/api/costs"])
def test_the_ladder(console: Console, path: str) -> None:
    assert console.client.get(path).status_code == 401
    console.by = somebody(Permission.CAMPAIGN_READ)
    assert console.client.get(path).status_code == 403
    console.by = somebody(Permission.PROOF_READ)
    assert console.client.get(path).status_code == 200


def test_whoever_reads_may_not_write(console: Console) -> None:
    console.by = somebody(Permission.PROOF_READ)
    assert console.client.put("/api/holdout", json={"share_basis_points": 500}).status_code == 403
    assert console.client.put("/api/costs", json={"costs": [{"sku": "A", "cost_minor": 1}]}).status_code == 403
    assert console.client.post(f"/api/experiments/{begun(console)}/end").status_code == 403


def test_an_experiment_and_its_report(console: Console, clock: VirtualClock) -> None:
    console.by = everything()
    experiment_id = begun(console)
    listed = asked(console, "/api/experiments", state="running")["rows"]
    assert [(one["id"], one["name"], [arm["share"] for arm in one["arms"]]) for one in listed] == [(experiment_id, "春季群发", [0.5, 0.5])]
    assert sum(arm["units"] for arm in listed[0]["arms"]) == 200
    assert [one["id"] for one in asked(console, "/api/experiments", origin_id="cam_1")["rows"]] == [experiment_id]
    assert asked(console, "/api/experiments", origin_id="cam_2")["total"] == 0
    clock.move_to(clock.now() + 8 * DAY)
    report = asked(console, f"/api/experiments/{experiment_id}/report")
    assert (report["is_blocked"], report["is_matured"], report["leaks"], report["crossed"]) == (False, True, 0, 0)
    conversion = next(one for one in report["outcomes"] if one["outcome"] == "conversion")
    arm = conversion["arms"][1]
    assert arm["difference"]["low"] < 0.25 < arm["difference"]["high"]
    assert (arm["verdict"], conversion["winner"]) == ("better", 1)
    assert report["series"][-1]["differences"] == [arm["difference"]]
    assert [one["label"] for one in report["arms"]] == ["", "首单券"]
    league = asked(console, "/api/effects", days=30)
    assert [(one["id"], one["is_found"]) for one in league["rows"]] == [("cam_1", True)]
    assert league["incremental_minor"] == league["rows"][0]["incremental_minor"] > 0
    ended = console.client.post(f"/api/experiments/{experiment_id}/end").json()
    assert ended["ended_at"] is not None
    assert not asked(console, "/api/experiments", state="running")["rows"]
    assert asked(console, f"/api/experiments/{experiment_id}")["ended_at"] == ended["ended_at"]
    assert console.client.get("/api/experiments/exp_none/report").status_code == 404


def test_e05_a_broken_split_shows_counts_and_nothing_else(console: Console, clock: VirtualClock) -> None:
    console.by = everything()
    experiment_id = begun(console, more=150)
    clock.move_to(clock.now() + 8 * DAY)
    report = asked(console, f"/api/experiments/{experiment_id}/report")
    assert report["is_blocked"]
    assert report["balance_p"] < 0.001
    for outcome in report["outcomes"]:
        assert [(arm["mean"], arm["difference"], arm["verdict"]) for arm in outcome["arms"]] == [(None, None, "blocked")] * 2


def test_the_holdout(console: Console) -> None:
    console.by = everything()
    assert asked(console, "/api/holdout") == {"experiment": None, "drawn_at": None, "refresh_at": None}
    assert console.client.post("/api/holdout/refresh").json()["code"] == "engagement.holdout_missing"
    for wrong in ({"share_basis_points": 0}, {"share_basis_points": 6_000}, {"share_basis_points": 500, "refresh_days": 3}):
        assert console.client.put("/api/holdout", json=wrong).status_code == 422
    put = console.client.put("/api/holdout", json={"share_basis_points": 500, "refresh_days": 90}).json()
    assert (put["experiment"]["control_basis_points"], put["experiment"]["origin_id"], put["refresh_at"][:10]) == (500, "1", "2026-06-16")
    assert console.client.post("/api/holdout/refresh").json()["experiment"]["origin_id"] == "2"
    assert console.client.delete("/api/holdout").json()["experiment"] is None
    assert asked(console, "/api/experiments", kind="workspace")["total"] == 2


def test_costs(console: Console) -> None:
    console.by = everything()
    told = console.client.put("/api/costs", json={"costs": [{"sku": "SKU1", "cost_minor": 1_200}]}).json()
    assert told == {"rows": [{"sku": "SKU1", "cost_minor": 1_200}]}
    assert asked(console, "/api/costs") == told
    assert console.client.put("/api/costs", json={"costs": []}).status_code == 422


def test_stores_within_the_callers_scope(console: Console, clock: VirtualClock) -> None:
    ws = console.ws
    stores = [organization.create_unit(ws, by=SYSTEM, draft=UnitDraft(f"S{n}", f"门店{n}", UnitKind.STORE)).id for n in (1, 2)]
    resolve(ws, *(claim(f"user_id:u{number}") for number in range(1, 81)))
    for number in range(1, 81):
        people.change(ws, by=SYSTEM, member_id=member_id(ws, number), home_unit_id=stores[number % 2], moves=True)
    begun(console, members=80)
    clock.move_to(clock.now() + 8 * DAY)
    console.by = everything()
    assert {one["id"] for one in asked(console, "/api/effects", of="store")["rows"]} == set(stores)
    console.by = somebody(Permission.PROOF_READ, units=frozenset({stores[0]}))
    assert [(one["id"], one["name"]) for one in asked(console, "/api/effects", of="store")["rows"]] == [(stores[0], "门店1")]
    assert asked(console, "/api/effects", of="guide")["rows"] == []


def test_a_member_page_tells_what_they_are_left_out_of(console: Console) -> None:
    resolve(console.ws, *(claim(f"user_id:u{number}") for number in range(1, 41)))
    begun(console, members=40)
    console.by = everything()
    told = {number: asked(console, f"/api/members/{member_id(console.ws, number)}/controls")["rows"] for number in range(1, 41)}
    assert 10 < sum(bool(rows) for rows in told.values()) < 30
    assert {(one["name"], one["origin_id"], one["ended_at"]) for rows in told.values() for one in rows} == {("春季群发", "cam_1", None)}
    console.by = somebody(Permission.PROOF_READ)
    assert console.client.get(f"/api/members/{member_id(console.ws, 1)}/controls").status_code == 403
