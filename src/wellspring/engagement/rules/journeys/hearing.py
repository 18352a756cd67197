"""What became of a journey's own messages: remembered as sets per message and fate, asked by waits and splits.

A fate is a state and not an event: who comes to a wait for what is known already does not wait. What is heard of the message
of an earlier lap or entry, however late, is no news of the present one.
"""

from collections.abc import Iterator, Mapping, Sequence

from pyroaring import BitMap

from wellspring.engagement.rules.journeys.nodes import Kind, Node
from wellspring.engagement.rules.journeys.places import Key
from wellspring.engagement.rules.journeys.walk import Walk
from wellspring.engagement.rules.journeys.world import THEN, News, fate_set

# What a fate says besides itself.
_IMPLIED: Mapping[str, tuple[str, ...]] = {
    "sent": ("sent",),
    "delivered": ("sent", "delivered"),
    "read": ("sent", "delivered", "read"),
    "clicked": ("sent", "delivered", "read", "clicked"),
    "replied": ("sent", "delivered", "read", "replied"),
    "failed": ("failed",),
}
# After these it may still fail.
_UNSURE = frozenset({"sent", "failed"})


class Hearing(Walk):
    """A walk that hears."""

    def note(self, node_id: str, fate: str, subjects: BitMap) -> None:
        """Remembers how far the present message of a node came; what came further came this far, and what arrived has not failed."""
        if node_id not in self.heard or not subjects:
            return
        for implied in _IMPLIED[fate]:
            self.named.add(fate_set(node_id, implied), subjects)
        if fate not in _UNSURE:
            self.named.drop(fate_set(node_id, "failed"), subjects)

    def hear(self, news: News, minute: int, *, is_paused: bool) -> None:
        """Whoever waits for this of their present message goes on, once; everybody else is known to have come this far."""
        if news.node not in self.heard:
            return
        if self.world.is_keyed:
            told = BitMap(filter(None, self.world.instances(news.runs, makes=False)))
        else:
            told = BitMap(member_no for member_no, _key in news.runs)
        # News of the message of an earlier lap or entry, however late, are no news of the present one.
        told &= self.named.get(f"asked.{news.node}") & self.named.get(f"times.{news.node}.{news.time}")
        told -= self.named.get(f"times.{news.node}.{news.time + 1}")
        self.note(news.node, news.fate, told)
        self._minute = minute
        for version, graph in sorted(self.graphs.items()):
            for node in graph.listeners():
                if node.kind is Kind.WAIT and node.settings["message"] == news.node:
                    self._answered(version, node, told, minute, is_paused=is_paused)
        self._work()

    def _answered(self, version: int, node: Node, told: BitMap, minute: int, *, is_paused: bool) -> None:
        for fate, known in self.by_fate(node, told, node.settings["fates"]):
            taken = self.places.take(version, node.id, known)
            if is_paused:
                self.places.put(Key(minute, version, node.id + THEN), taken)
            else:
                self.go(version, node.id, node.ports.get("then"), taken, f"fate.{fate}", minute, stale=False)

    def by_fate(self, node: Node, subjects: BitMap, fates: Sequence[str]) -> Iterator[tuple[str, BitMap]]:
        """The subjects by the first of these fates that their message has come to."""
        left = subjects
        for fate in fates:
            here = left & self.named.get(fate_set(str(node.settings["message"]), fate))
            left = left - here
            yield fate, here
