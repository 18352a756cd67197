"""Why one member is in an audience: the reference evaluator over everything that the definition asks of that member.

The member's events are read once, for all conditions and for the audiences that the definition stands on. What cannot be
told of one member alone (a place among the highest, look-alikes) and what others keep as sets is asked of the sets.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from pyroaring import BitMap

from wellspring.activity.contracts import MESSAGE_SENT
from wellspring.audiences import repo
from wellspring.audiences.contracts import Audience, Crossing, Explained, Explanation, ProvingEvent, Refresh, State
from wellspring.audiences.facts import mirror, persons
from wellspring.audiences.rules import meaning, read, text_write, tree
from wellspring.audiences.rules.history import History
from wellspring.audiences.rules.meaning import Verdict
from wellspring.audiences.rules.sentences import sentence
from wellspring.audiences.service import browsing, leaves, related, resolving
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel import traits
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, iso
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.errors import MemberUnknown
from wellspring.tags import api as tags

_EVENTS_SHOWN = 5
_NAMES: dict[type, str] = {
    tree.AudienceRef: "audience",
    tree.TagGroup: "tag_group",
    tree.ServedBy: "served_by",
    tree.InGroup: "in_group",
    tree.Reachable: "reachable_on",
}
# What is known of everybody at once: the set is asked whether the member is in it.
_OF_SETS = tree.ServedBy | tree.InGroup | tree.Reachable | tree.Consent
_ASKED = "leaf:"
_OF_EVENTS = tree.Did | tree.Last | tree.First


def explain(ws: Workspace, *, by: Principal, audience_id: str, member: str) -> Explanation:
    """Why a member is in an audience or is not, and when that changed. Raises AudienceUnknown, MemberUnknown."""
    member_no = number_of(ws, by=by, member=member)
    with ws.sql.read() as tx:
        audience = browsing.known_one(tx, audience_id)
        is_committed = member_no in repo.members(tx, audience_id)
        by_hand = _by_hand(repo.by_hand(tx, audience_id), member_no)
        crossed = repo.changes_of_member(tx, audience_id, member_no)
    root = None if audience.definition is None else Person(ws, member_no).explained(read.read(audience.definition))
    is_in = is_committed if root is None else (root.holds if by_hand is None else by_hand == "in")
    changes = [Crossing(version.version, entered, version.at) for version, entered in crossed]
    return Explanation(member_no, is_in, is_committed, by_hand, root, changes)


def explain_definition(ws: Workspace, *, by: Principal, definition: object, member: str) -> Explained:
    """The same of a definition that is stored nowhere. Raises DefinitionInvalid, MemberUnknown."""
    node, _warnings = resolving.resolved(ws, read.read(definition))
    return Person(ws, number_of(ws, by=by, member=member)).explained(node)


def number_of(ws: Workspace, *, by: Principal, member: str) -> int:
    """The active member of an id or a number, whom the caller may see. Raises MemberUnknown."""
    told = people.member_no(ws, by=by, member_id=member)
    member_no = people.holders_of(ws, member_nos=[told])[0]
    if member_no not in people.active_members(ws) or not people.members_of(ws, by=by, member_nos=[member_no]):
        raise MemberUnknown
    return member_no


class _Lazy(dict[Any, bool]):
    """Answers that are looked for when somebody asks for them."""

    def __init__(self, ask: Callable[[Any], bool] | None = None) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, key: Any) -> bool:  # noqa: ANN401 - whatever the history is asked for
        if self.ask is None:
            raise KeyError(key)
        found = self[key] = self.ask(key)
        return found


class Person:
    """One member at the present moment."""

    def __init__(self, ws: Workspace, member_no: int) -> None:
        self._ws, self._member_no = ws, member_no
        self._asking = Asking(ws, Instant(now_of(ws)))
        self._references = References(self._asking)
        self._asked: dict[str, tree.Leaf] = {}
        self._messages: Mapping[int, str] = {}

    def explained(self, node: tree.Node) -> Explained:
        """The verdict on every node, with sentences and proof."""
        with self._ws.sql.read() as tx:
            known = {audience.id: audience for audience in repo.listing(tx)}
        names = browsing.names_of(list(known.values()))
        history = self._history(node, known)
        verdict = meaning.evaluate(self._asked_for(node), history, now=self._asking.instant.now, zone=self._asking.zone)
        return self._told(verdict, node, names)

    def _told(self, verdict: Verdict, node: tree.Node, names: dict[str, str]) -> Explained:
        said = sentence(verdict, node, self._asking.zone, names)
        parts = [self._told(part, child, names) for part, child in zip(verdict.parts, tree.children(node), strict=True)]
        events = [
            ProvingEvent(event.kind, from_millis(event.at), self._messages.get(event.arrival_no, ""), event.props)
            for event in verdict.proof.events[-_EVENTS_SHOWN:]
        ]
        kind = _NAMES.get(type(node), type(node).__name__.lower())
        value = _plain(verdict.proof.value, is_instant=isinstance(node, tree.Last | tree.First))
        return Explained(verdict.path, kind, text_write.print_text(node, names.get), verdict.holds, said.zh, said.en, value, events, parts)

    def _history(self, node: tree.Node, known: Mapping[str, Audience]) -> History:
        ws, member_no = self._ws, self._member_no
        nodes = [node, *self._underneath(node, known, set())]
        found = [leaf for each in nodes for _path, leaf in tree.leaves(each)]
        events, self._messages = persons.events(ws, _kinds(found), people.numbers_held(ws, member_no=member_no))
        references = _Lazy()
        history = History(
            public_id=people.member_rows(ws, member_no, member_no)[0].id,
            events=events,
            attributes=self._attributes(found),
            tags=self._tags(found),
            traits=self._traits(found),
            audiences=references,
            standing=_Lazy(lambda leaf: member_no in self._references.evaluating.leaf(leaf)),
        )
        references.ask = lambda key: self._is_in(key, known, history)
        return history

    def _is_in(self, key: str, known: Mapping[str, Audience], history: History) -> bool:
        """Whether the member is in a referenced audience, or in the set of a leaf that was put aside."""
        if key in self._asked:
            return self._member_no in self._references.evaluating.leaf(self._asked[key])
        audience = known.get(key)
        if audience is None:
            return False
        with self._ws.sql.read() as tx:
            if not _is_asked(audience):
                return self._member_no in repo.members(tx, key)
            by_hand = _by_hand(repo.by_hand(tx, key), self._member_no)
        if by_hand is not None:
            return by_hand == "in"
        node = self._asked_for(read.read(audience.definition))
        return meaning.holds(node, history, now=self._asking.instant.now, zone=self._asking.zone)

    def _asked_for(self, node: tree.Node) -> tree.Node:
        """The definition with leaves that only sets can answer put aside, and touches as what they count."""
        if isinstance(node, tree.All | tree.Any):
            return type(node)(tuple(self._asked_for(child) for child in node.nodes))
        if isinstance(node, tree.Not):
            return tree.Not(self._asked_for(node.node))
        if isinstance(node, tree.Touched):
            return leaves.touches(node)
        if isinstance(node, _OF_SETS) or (isinstance(node, tree.Attribute) and _is_personal(node.name)):
            key = f"{_ASKED}{len(self._asked)}"
            self._asked[key] = node
            return tree.AudienceRef(key)
        return node

    def _attributes(self, found: list[tree.Leaf]) -> dict[str, tree.Value]:
        rows = [row for piece in people.attribute_rows(self._ws, [self._member_no]) for row in piece]
        values = {row.name: _value_of(row.kind, row.text) for row in rows}
        for leaf in found:
            if isinstance(leaf, tree.Attribute):
                if leaf.name == leaves.IDENTIFIED:
                    values[leaf.name] = people.member_rows(self._ws, self._member_no, self._member_no)[0].identified
                else:
                    values[leaf.name] = values.get(people.attribute_name(leaf.name)[0])
        return values

    def _tags(self, found: list[tree.Leaf]) -> frozenset[str]:
        wanted = [leaf for leaf in found if isinstance(leaf, tree.Tag | tree.TagGroup)]
        if not wanted:
            return frozenset()
        carried = {tag.id: f"{tag.group}/{tag.name}" for tag in tags.of_member(self._ws, member_no=self._member_no)}
        # By the names that the definition uses, however the tags are written.
        names = set()
        for leaf in wanted:
            for tag_id in related.tag_ids(self._ws, leaf):
                if tag_id in carried:
                    names.add(leaf.name if isinstance(leaf, tree.Tag) else f"{leaf.group}/{carried[tag_id].partition('/')[2]}")
        return frozenset(names)

    def _traits(self, found: list[tree.Leaf]) -> dict[str, tree.Value]:
        values: dict[str, tree.Value] = {}
        for leaf in found:
            if isinstance(leaf, tree.Trait) and leaf.name not in values and (trait := traits.find(leaf.name)) is not None:
                value = trait.of_member(self._ws, self._member_no, None)
                values[leaf.name] = iso(value) if isinstance(value, dt.datetime) else tuple(value) if isinstance(value, list) else value
        return values

    def _underneath(self, node: tree.Node, known: Mapping[str, Audience], seen: set[str]) -> Iterator[tree.Node]:
        """The definitions of the audiences that are asked anew."""
        for _path, leaf in tree.leaves(node):
            if isinstance(leaf, tree.AudienceRef) and leaf.audience not in seen and _is_asked(known.get(leaf.audience)):
                seen.add(leaf.audience)
                below = read.read(known[leaf.audience].definition)
                yield below
                yield from self._underneath(below, known, seen)


def _is_asked(audience: Audience | None) -> bool:
    """Whether a reference is evaluated anew, as `computing.References` does."""
    return (
        audience is not None and audience.definition is not None and audience.refresh is Refresh.LIVE and audience.state is not State.BROKEN
    )


def _by_hand(hands: tuple[BitMap, BitMap], member_no: int) -> str | None:
    if member_no in hands[1]:
        return "out"
    return "in" if member_no in hands[0] else None


def _kinds(found: Iterable[tree.Leaf]) -> set[str]:
    kinds = set()
    for leaf in found:
        if isinstance(leaf, _OF_EVENTS):
            kinds.add(leaf.event)
        elif isinstance(leaf, tree.Sequence):
            kinds.update(step.event for step in leaf.steps)
        elif isinstance(leaf, tree.Touched):
            kinds.add(MESSAGE_SENT)
    return kinds


def _is_personal(name: str) -> bool:
    """Whether the attribute stands for an identifier or is sealed, so that only sets know it."""
    _name, identity, is_sealed = people.attribute_name(name)
    return name != leaves.IDENTIFIED and (identity is not None or is_sealed)


def _value_of(kind: str, text: str) -> tree.Value:
    """A value in force, from its canonical JSON text."""
    kind, found, number, texts = mirror.typed(kind, text)
    if kind == "list":
        return tuple(texts)
    if kind == "boolean":
        return bool(number)
    return {"number": number, "null": None, "sealed": None}.get(kind, found)


def _plain(value: object, *, is_instant: bool) -> Any:  # noqa: ANN401 - any JSON value
    if is_instant and isinstance(value, int):
        return iso(from_millis(value))
    if isinstance(value, Fraction):
        return float(value)
    return list(value) if isinstance(value, tuple) else value
