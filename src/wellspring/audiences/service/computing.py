"""From a stored definition to its members: what it refers to, and what people changed by hand.

By hand beats the rule, and sticks (rule S17): who was put in stays in, who was kept out stays out, until it is cleared.
"""

from pyroaring import BitMap

from wellspring.audiences import repo
from wellspring.audiences.contracts import Audience, Refresh, State
from wellspring.audiences.rules import read
from wellspring.audiences.service.asking import Asking
from wellspring.audiences.service.evaluating import Evaluating


class References:
    """Answers for audiences named in a definition, within one evaluation.

    A live one is asked anew, so that it is as fresh as what asks; any other, and one that could not be computed, answers
    with its last complete version.
    """

    def __init__(self, asking: Asking, *, is_cached: bool = True) -> None:
        # What checks the leaves that are kept asks the stores alone.
        self._asking = asking if is_cached else asking.of_log()
        self.evaluating = Evaluating(self._asking, self, is_cached=is_cached)
        self._found: dict[str, BitMap] = {}

    def __call__(self, audience_id: str) -> BitMap:
        """The members of an audience; nobody for one that is gone."""
        found = self._found.get(audience_id)
        if found is None:
            found = self._found[audience_id] = self._members(audience_id)
        return found

    def _members(self, audience_id: str) -> BitMap:
        ws = self._asking.ws
        with ws.sql.read() as tx:
            audience = repo.one(tx, audience_id)
            if audience is None:
                return BitMap()
            is_asked = audience.definition is not None and (audience.refresh is Refresh.LIVE or self._asking.instant.is_past)
            if not is_asked or audience.state is not State.READY:
                return repo.members(tx, audience_id) & self._asking.universe
        return self.of(audience)

    def of(self, audience: Audience) -> BitMap:
        """The members by the definition and by hand."""
        assert audience.definition is not None  # noqa: S101 - lists are not asked
        return self.with_hands(audience.id, self.evaluating.members(read.read(audience.definition)))

    def with_hands(self, audience_id: str, members: BitMap) -> BitMap:
        """What the rule gives, with those put in and without those kept out by hand."""
        with self._asking.ws.sql.read() as tx:
            return self.handled(members, repo.by_hand(tx, audience_id))

    def handled(self, members: BitMap, hands: tuple[BitMap, BitMap] | None) -> BitMap:
        """The same, of sets that were read before."""
        inside, outside = hands or (None, None)
        return ((members | (inside or BitMap())) - (outside or BitMap())) & self._asking.universe if inside or outside else members
