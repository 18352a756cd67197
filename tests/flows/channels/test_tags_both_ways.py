"""Corp tags and ours: put on either side they are on both, lifted as the winner says, and never deleted silently."""

import pytest

from tests.support.corps import Corp, corp
from wecom_simulator.external import friends
from wecom_simulator.external import tags as simulated
from wecom_simulator.external.state import Relation, TagGroup
from wellspring.channels import api as channels
from wellspring.channels.contracts.tags import DifferenceKind, TagDecision, Winner
from wellspring.channels.service import tagging
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores import Tx
from wellspring.tags import api as tags

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _staffed(corp: Corp) -> None:
    corp.hire("anna", "bo")


def _there(corp: Corp, group: str, *names: str) -> list[str]:
    """Tags that an administrator makes in the console of the platform."""
    world, external = corp.sim.world, corp.external
    known = simulated.group_named(external, group)
    _group, made = simulated.add(world, corp.sim.corp, known, TagGroup("", group, 0, 0), dict.fromkeys(names, 0), None)
    return [tag.tag_id for name in names for tag in made if tag.name == name]


def _sync(corp: Corp) -> None:
    channels.sync_tags(corp.ws, by=SYSTEM, account_id=corp.account_id)
    corp.hear()


def _mark(corp: Corp, userid: str, contact: str, *, put: list[str] | None = None, lift: list[str] | None = None) -> None:
    """A member changes tags on the phone."""
    simulated.mark(corp.sim.corp, _relation(corp, userid, contact), put or [], lift or [])
    corp.reconcile(contact)
    with corp.ws.sql.write() as tx:
        _edited(corp, tx, contact)
    corp.hear()


def _edited(corp: Corp, tx: Tx, contact: str) -> None:
    """What the callback of an edit makes happen."""
    tagging.want(corp.ws, tx, corp.account_id, [contact])


def _relation(corp: Corp, userid: str, contact: str) -> Relation:
    return next(one for one in corp.external.contacts[contact].relations if one.userid == userid)


def _tags_there(corp: Corp, userid: str, contact: str) -> set[str]:
    return set(_relation(corp, userid, contact).tags)


def _here(corp: Corp, contact: str) -> set[str]:
    return {f"{tag.group}/{tag.name}" for tag in tags.of_member(corp.ws, member_no=corp.number(contact))}


class TestLibrary:
    def test_what_is_there_is_made_here_and_the_other_way(self, corp: Corp) -> None:
        _there(corp, "兴趣", "茶", "酒")
        _sync(corp)
        assert tags.find(corp.ws, "兴趣", "茶")
        tags.add_tag(corp.ws, by=SYSTEM, group="兴趣", name="花")
        _sync(corp)
        assert {tag.name for tag in corp.external.tags.values()} == {"茶", "酒", "花"}
        [group] = channels.tag_groups(corp.ws, account_id=corp.account_id)
        assert {tag.name for tag in group.tags if tag.our_tag_id} == {"茶", "酒", "花"}

    def test_a_tag_whose_making_was_not_answered_is_made_once(self, corp: Corp) -> None:
        _there(corp, "兴趣", "茶")
        _sync(corp)
        corp.spoil("cut", "add_corp_tag")
        tags.add_tag(corp.ws, by=SYSTEM, group="兴趣", name="花")
        _sync(corp)
        _sync(corp)
        assert sorted(tag.name for tag in corp.external.tags.values()) == ["花", "茶"]

    def test_a_new_name_is_taken_over_by_the_other_side(self, corp: Corp) -> None:
        [tea] = _there(corp, "兴趣", "茶")
        _sync(corp)
        simulated.rename(corp.sim.world, corp.sim.corp, tea, "绿茶", None, None)
        _sync(corp)
        assert tags.find(corp.ws, "兴趣", "绿茶")

    def test_what_is_deleted_there_stays_here_until_a_person_says_otherwise(self, corp: Corp) -> None:
        [tea] = _there(corp, "兴趣", "茶")
        contact = corp.befriend("anna", "wang")
        _sync(corp)
        _mark(corp, "anna", contact, put=[tea])
        assert _here(corp, contact) == {"兴趣/茶"}
        simulated.delete(corp.sim.world, corp.sim.corp, [tea], [], None)
        _sync(corp)
        corp.reconcile(contact)
        assert _here(corp, contact) == {"兴趣/茶"}
        [found] = channels.tag_differences(corp.ws, account_id=corp.account_id).rows
        assert (found.kind, found.name) == (DifferenceKind.GONE_THERE, "茶")
        channels.decide_tag_difference(corp.ws, by=SYSTEM, difference_id=found.id, decision=TagDecision.REMAKE)
        corp.hear()
        [again] = [tag.tag_id for tag in corp.external.tags.values() if not tag.is_deleted]
        assert _tags_there(corp, "anna", contact) == {again}

    def test_what_is_deleted_here_stays_there(self, corp: Corp) -> None:
        [tea] = _there(corp, "兴趣", "茶")
        contact = corp.befriend("anna", "wang")
        _sync(corp)
        _mark(corp, "anna", contact, put=[tea])
        tags.delete_tag(corp.ws, by=SYSTEM, tag_id=tags.find(corp.ws, "兴趣", "茶") or "")
        corp.hear()
        _sync(corp)
        assert _tags_there(corp, "anna", contact) == {tea}
        [found] = channels.tag_differences(corp.ws, account_id=corp.account_id).rows
        assert found.kind is DifferenceKind.GONE_HERE


class TestCarrying:
    @pytest.fixture
    def tea(self, corp: Corp) -> str:
        [tea] = _there(corp, "兴趣", "茶")
        _sync(corp)
        return tea

    def _wins(self, corp: Corp, winner: Winner) -> None:
        [group] = channels.tag_groups(corp.ws, account_id=corp.account_id)
        channels.change_tag_group(corp.ws, by=SYSTEM, group_id=group.group_id, winner=winner)

    def test_put_on_one_relation_it_is_here(self, corp: Corp, tea: str) -> None:
        contact = corp.befriend("anna", "wang")
        corp.befriend("bo", "wang")
        _mark(corp, "bo", contact, put=[tea])
        assert _here(corp, contact) == {"兴趣/茶"}
        assert _tags_there(corp, "anna", contact) == set()

    def test_put_here_it_is_on_every_relation(self, corp: Corp, tea: str) -> None:
        contact = corp.befriend("anna", "wang")
        corp.befriend("bo", "wang")
        tags.put(corp.ws, by=SYSTEM, member_nos=[corp.number(contact)], group="兴趣", tag="茶")
        corp.hear()
        assert _tags_there(corp, "anna", contact) == _tags_there(corp, "bo", contact) == {tea}

    @pytest.mark.parametrize("winner", list(Winner))
    def test_lifted_by_a_member_it_is_lifted_or_comes_back(self, corp: Corp, tea: str, winner: Winner) -> None:
        self._wins(corp, winner)
        contact = corp.befriend("anna", "wang")
        _mark(corp, "anna", contact, put=[tea])
        _mark(corp, "anna", contact, lift=[tea])
        is_carried = winner is Winner.WELLSPRING
        assert (_here(corp, contact), _tags_there(corp, "anna", contact)) == (({"兴趣/茶"}, {tea}) if is_carried else (set(), set()))

    @pytest.mark.parametrize("winner", list(Winner))
    def test_lifted_here_it_is_lifted_there_or_comes_back(self, corp: Corp, tea: str, winner: Winner) -> None:
        self._wins(corp, winner)
        contact = corp.befriend("anna", "wang")
        _mark(corp, "anna", contact, put=[tea])
        tags.lift(corp.ws, by=SYSTEM, member_nos=[corp.number(contact)], group="兴趣", tag="茶")
        corp.hear()
        is_carried = winner is Winner.WECOM
        assert (_here(corp, contact), _tags_there(corp, "anna", contact)) == (({"兴趣/茶"}, {tea}) if is_carried else (set(), set()))

    def test_losing_the_customer_lifts_nothing(self, corp: Corp, tea: str) -> None:
        contact = corp.befriend("anna", "wang")
        _mark(corp, "anna", contact, put=[tea])
        friends.staff_drops(corp.sim.world, corp.sim.corp, _relation(corp, "anna", contact))
        corp.reconcile(contact)
        with corp.ws.sql.write() as tx:
            _edited(corp, tx, contact)
        corp.hear()
        assert _here(corp, contact) == {"兴趣/茶"}

    def test_two_changes_of_one_customer_at_once_are_tried_again(self, corp: Corp, tea: str) -> None:
        contact = corp.befriend("anna", "wang")
        corp.spoil("rate", "mark_tag")
        tags.put(corp.ws, by=SYSTEM, member_nos=[corp.number(contact)], group="兴趣", tag="茶")
        corp.hear()
        assert channels.tag_upkeep(corp.ws, account_id=corp.account_id).failing == 1
        corp.advance(hours=1)
        corp.hear()
        assert _tags_there(corp, "anna", contact) == {tea}
        assert channels.tag_upkeep(corp.ws, account_id=corp.account_id).waiting == 0
