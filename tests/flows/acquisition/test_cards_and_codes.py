"""A batch with a channel code of its own, made at the platform: who scans its picture is counted for it and nobody else."""

import datetime as dt

import pytest

from tests.support import codes
from tests.support.cards import design_of, token_of
from tests.support.corps import Corp, corp
from tests.support.items import scanner
from tests.support.organization import chain
from wecom_simulator.external import friends
from wecom_simulator.external.friends import Arrival
from wecom_simulator.world import Person
from wellspring.acquisition.api import cards as api
from wellspring.acquisition.api import codes as channel_codes
from wellspring.acquisition.contracts.cards import CardDraft
from wellspring.acquisition.contracts.codes import Shift, Variant
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]


@pytest.fixture
def batches(corp: Corp) -> list[str]:
    """Two batches whose codes were made like one template."""
    staff = codes.employ(corp, chain(corp.ws)["s1"].id, "anna")
    template = codes.channel_code(corp, Shift(tuple(staff.values())), welcome=(Variant("你好"),), tags=(("渠道", "包裹卡"),))
    design_id = design_of(corp.ws)
    made = [
        api.add_batch(corp.ws, by=SYSTEM, draft=CardDraft(name, design_id, 100), template_code_id=template.id) for name in ("首批", "首批")
    ]
    codes.settle(corp)
    return made


def scan(corp: Corp, name: str, state: str) -> str:
    """Somebody adds Anna by a code, and channels fetches what happened."""
    person = corp.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
    friends.befriend(corp.sim.world, corp.sim.corp, "anna", person, Arrival(add_way=1, state=state))
    external = friends.contact_of(corp.sim.corp, person).external_userid
    corp.reconcile(external)
    return external


def test_each_batch_has_its_own_code_made_like_the_template(corp: Corp, batches: list[str]) -> None:
    made = [channel_codes.one(corp.ws, code_id=api.batch(corp.ws, batch_id=one).draft.code_id or "") for one in batches]
    assert len({code.id for code in made}) == len({code.ways[0].state for code in made}) == 2
    assert all(code.draft.welcome == (Variant("你好"),) for code in made)
    assert all(code.ways[0].picture_id for code in made)
    page = api.landing(corp.ws, token=token_of(corp.ws, batches[0]), scanner=scanner(1))
    assert page.picture_id == made[0].ways[0].picture_id


def test_who_comes_by_a_batch_is_counted_for_it_alone(corp: Corp, batches: list[str]) -> None:
    first = channel_codes.one(corp.ws, code_id=api.batch(corp.ws, batch_id=batches[0]).draft.code_id or "")
    for name in ("wang", "li"):
        scan(corp, name, first.ways[0].state)
    codes.settle(corp)
    assert [api.batch(corp.ws, batch_id=one).funnel.added for one in batches] == [2, 0]
    corp.advance(minutes=40)
    codes.leave(corp, "li", "anna", at=corp.ws.clock.now())
    funnel = api.batch(corp.ws, batch_id=batches[0]).funnel
    assert (funnel.staying, funnel.left_after_gift) == (1, 1)
    assert [one.left_at - one.came_at < dt.timedelta(hours=1) for one in api.leavers(corp.ws, batch_id=batches[0])] == [True]
