"""Tags that follow a rule: what an audience says replaces who carries them, but for what staff said by hand.

A manual lift sticks until staff put the tag back or clear the exception; a manual put likewise. Among rule tags of a
group that takes one tag of a member, the one with the higher place wins, so two rules never take turns.
"""

from collections.abc import Iterable

from pyroaring import BitMap

from wellspring.kernel import audit, sets
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags.contracts import Cause, State, Tally
from wellspring.tags.repo import changes, words
from wellspring.tags.repo.changes import Row
from wellspring.tags.rules import excepted
from wellspring.tags.service import holding, looking, registry, sheet
from wellspring.tags.service.holding import Families
from wellspring.tags.service.sheet import Said, Sheet


def follow(ws: Workspace, tx: Tx, tag_id: str, members: BitMap) -> Tally:
    """Makes these members, exceptions apart, the ones that carry a rule's tag. Raises TagUnknown.

    The history names whoever entered and left. A retired tag, and one that follows nothing, stay as they are.
    """
    ws.sql.lock(tx, sheet.LOCK)
    tag = looking.known(tx, tag_id)
    if tag.rule_audience_id is None or tag.state != State.ACTIVE:
        return Tally(0, 0)
    holders, merged = holding.holders(ws)
    numbers = sets.read(tx, words.set_name(tag_id))
    carried = holding.held(ws, numbers)
    wanted = _wanted(ws, tx, tag, members)
    entered, left = wanted - carried, carried - wanted
    if not entered and not left:
        return Tally(0, 0)
    leaving = (numbers & left) | BitMap(number for number in numbers & merged if holders[number] in left)
    rivals = _rivals(tx, tag) if entered else []
    kin = Families(ws, entered)
    page = Sheet(tx, tag_ids=[tag_id, *(row.id for row in rivals)], numbers=[*kin.numbers(), *leaving], now=ws.clock.now())
    said = Said(f"rule:{tag.rule_audience_id}", SYSTEM.id, "", Cause.RULE)
    now = ws.clock.now()
    for number in leaving:
        page.lift(tag_id, number, said, at=now)
    for number in entered:
        for rival in rivals:
            for relative in kin.of(number):
                if page.carries(rival.id, relative):
                    page.lift(rival.id, relative, said._replace(cause=Cause.EXCLUSIVE), at=now)
        page.put(tag_id, number, said, at=now)
    return sheet.tell(ws, tx, page.write(), source=said.source)


def _rivals(tx: Tx, tag: Row) -> list[Row]:
    return [row for row in words.tags_of(tx, tag.group_id) if row.id != tag.id] if tag.is_exclusive else []


def _wanted(ws: Workspace, tx: Tx, tag: Row, members: BitMap) -> BitMap:
    put, lifted = excepted((one.member_no, one.verb) for one in changes.exceptions(tx, tag.id))
    by_hand = holding.held(ws, BitMap(put))
    wanted = members - holding.held(ws, BitMap(lifted))
    for rival in _rivals(tx, tag):
        # What was put without a rule holds against every rule of the group.
        if rival.rule_audience_id is None or (rival.position, rival.id) > (tag.position, tag.id):
            wanted -= holding.held(ws, sets.read(tx, words.set_name(rival.id)))
        theirs, _ = excepted((one.member_no, one.verb) for one in changes.exceptions(tx, rival.id))
        wanted -= holding.held(ws, BitMap(theirs))
    return wanted | by_hand


def clear(ws: Workspace, *, by: Principal, tag_id: str, member_nos: Iterable[int]) -> int:
    """Gives these members back to the tag's rule, which decides at its next turn; gives how many exceptions went. Raises TagUnknown."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        looking.known(tx, tag_id)
        count = changes.forgive(tx, tag_id, Families(ws, member_nos).numbers())
        if count:
            audit.append(ws.sql, tx, by=by, action="tags.clear_exceptions", subject=tag_id, at=ws.clock.now(), detail={"exceptions": count})
    return count


def bind(ws: Workspace, *, by: Principal, tag_id: str, audience_id: str | None) -> None:
    """Makes a tag follow an audience, from its present members on, or nothing any more: who carries it then stays.

    Raises TagUnknown.
    """
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        looking.known(tx, tag_id)
        words.change_tag(tx, tag_id, rule_audience_id=audience_id)
        if audience_id is None:
            changes.forgive(tx, tag_id, [one.member_no for one in changes.exceptions(tx, tag_id)])
        detail = {"audience": audience_id or ""}
        audit.append(ws.sql, tx, by=by, action="tags.follow", subject=tag_id, at=ws.clock.now(), detail=detail)
        # Else the tag would wait for the next member who enters or leaves.
        if audience_id is not None and (members := registry.members_of(ws, audience_id)) is not None:
            follow(ws, tx, tag_id, members)


def rules(ws: Workspace) -> dict[str, str]:
    """The active tags that follow an audience, with its id."""
    with ws.sql.read() as tx:
        return {row.id: row.rule_audience_id for row in words.all_tags(tx) if row.rule_audience_id and row.state == State.ACTIVE}
