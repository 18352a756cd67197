"""What audiences ask of channels: who is followed by whom, who is in which group, now and at a past instant."""

import datetime as dt

import pytest

from tests.support.corps import Corp, corp
from wecom_simulator.external import friends
from wecom_simulator.external import groups as simulated
from wecom_simulator.external.state import GroupMember, Relation
from wellspring.audiences import api as audiences
from wellspring.audiences import errors
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.service import ticking
from wellspring.channels import api as channels
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft, UnitDraft, UnitKind

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _staffed(corp: Corp) -> None:
    """Anna of the corp is Anna of the organisation."""
    corp.hire("anna", "bo")
    unit = organization.create_unit(corp.ws, by=SYSTEM, draft=UnitDraft("S1", "一店", UnitKind.STORE))
    for code in ("anna", "bo"):
        organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft(code, code.title(), wecom_userid=code), unit_id=unit.id)


def _relation(corp: Corp, userid: str, contact: str) -> Relation:
    return next(one for one in corp.external.contacts[contact].relations if one.userid == userid)


def _linked(corp: Corp) -> None:
    ids = organization.staff_ids_by_code(corp.ws, ["anna", "bo"])
    for userid, staff_id in ids.items():
        channels.link_staff(corp.ws, by=SYSTEM, account_id=corp.account_id, userid=userid, staff_id=staff_id)


def _asked(corp: Corp, definition: dict[str, object], at: dt.datetime | None = None) -> set[int]:
    return set(audiences.members_of(corp.ws, definition=definition, at=at))


def test_staff_are_served_by_relations_and_the_past_is_as_it_was(corp: Corp) -> None:
    wang, li = corp.befriend("anna", "wang"), corp.befriend("bo", "li")
    _linked(corp)
    before = corp.ws.clock.now()
    assert _asked(corp, {"served_by": {"staff": "anna"}}) == {corp.number(wang)}
    corp.advance(hours=2)
    friends.staff_drops(corp.sim.world, corp.sim.corp, _relation(corp, "anna", wang))
    corp.reconcile(wang)
    corp.befriend("anna", "li")
    assert _asked(corp, {"served_by": {"staff": "anna"}}) == {corp.number(li)}
    assert _asked(corp, {"served_by": {"staff": "anna"}}, before + dt.timedelta(minutes=1)) == {corp.number(wang)}


def test_a_live_audience_follows_relations_and_equals_itself_computed_anew(corp: Corp) -> None:
    wang = corp.befriend("anna", "wang")
    _linked(corp)
    definition = {"any": [{"served_by": {"staff": "anna"}}, {"trait": "channels.staff_count", "gte": 2}]}
    audiences.create(corp.ws, by=SYSTEM, name="安娜的客户", definition=definition, refresh=Refresh.LIVE)
    for userid, name in (("bo", "wang"), ("bo", "li"), ("anna", "li"), ("bo", "zhao")):
        contact = corp.befriend(userid, name)
        corp.advance(minutes=2)
        ticking.tick(corp.ws)
        assert set(_members(corp)) == _asked(corp, definition)
    assert corp.number(wang) in _members(corp)
    assert corp.number(contact) not in _members(corp)


def test_a_group_that_is_known_has_its_members(corp: Corp) -> None:
    wang = corp.befriend("anna", "wang")
    group = simulated.create(corp.sim.world, corp.sim.corp, "anna", "老客群")
    with pytest.raises(errors.DefinitionInvalid):
        _asked(corp, {"in_group": group.chat_id})
    corp.know_staff("anna", "bo")
    simulated.join(corp.sim.world, corp.sim.corp, group, [GroupMember(wang, 2, corp.sim.world.now(), 3)])
    channels.sync_groups(corp.ws, by=SYSTEM, account_id=corp.account_id)
    corp.hear()
    joined = corp.ws.clock.now()
    assert _asked(corp, {"in_group": group.chat_id}) == {corp.number(wang)}
    assert _asked(corp, {"trait": "channels.groups_count", "gte": 1}) == {corp.number(wang)}
    corp.advance(hours=1)
    simulated.leave(corp.sim.world, corp.sim.corp, group, [wang], removed=False)
    channels.refresh_group(corp.ws, by=SYSTEM, chat_id=group.chat_id)
    assert _asked(corp, {"in_group": group.chat_id}) == set()
    assert _asked(corp, {"in_group": group.chat_id}, joined + dt.timedelta(minutes=1)) == {corp.number(wang)}


def test_traits_tell_of_contacts(corp: Corp) -> None:
    wang, li = corp.befriend("anna", "wang"), corp.befriend("bo", "li")
    corp.befriend("bo", "wang")
    assert _asked(corp, {"trait": "channels.staff_count", "gte": 2}) == {corp.number(wang)}
    assert _asked(corp, {"trait": "channels.is_contact", "is": True}) == {corp.number(wang), corp.number(li)}
    assert _asked(corp, {"trait": "channels.add_ways", "includes": "1"}) == {corp.number(wang), corp.number(li)}
    friends.staff_drops(corp.sim.world, corp.sim.corp, _relation(corp, "bo", li))
    corp.reconcile(li)
    assert _asked(corp, {"trait": "channels.is_lost", "is": True}) == {corp.number(li)}


def _members(corp: Corp) -> list[int]:
    [audience] = audiences.page(corp.ws, by=SYSTEM).rows
    return list(audiences.members(corp.ws, by=SYSTEM, audience_id=audience.audience.id))
