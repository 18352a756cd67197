"""Which numbers are one member now, kept in this process for as long as nobody merges or comes apart."""

import threading
import weakref
from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# Up to here the families are asked for one by one; beyond it one look at all merged numbers is cheaper.
_FEW = 50
# The epoch is never given twice, so what was kept under it is right whenever it is read again.
_kept: "weakref.WeakKeyDictionary[Sql, tuple[int, Mapping[int, int], BitMap]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def holders(ws: Workspace) -> tuple[Mapping[int, int], BitMap]:
    """Merged numbers with the members that hold them now, and the same numbers as a set."""
    with ws.sql.read():
        epoch = people.holders_epoch(ws)
        kept = _kept.get(ws.sql)
        if kept is None or kept[0] != epoch:
            found = people.holders(ws)
            kept = (epoch, found, BitMap(found))
            with _lock:
                _kept[ws.sql] = kept
    return kept[1], kept[2]


def held(ws: Workspace, numbers: BitMap) -> BitMap:
    """The members that hold these numbers now. Only merged numbers are looked up one by one."""
    by_number, merged = holders(ws)
    moved = numbers & merged
    return (numbers - moved) | BitMap(by_number[number] for number in moved)


class Families:
    """Which numbers are one member now, for the members that hold some numbers."""

    def __init__(self, ws: Workspace, numbers: Iterable[int]) -> None:
        self._held, _ = holders(ws)
        wanted = {self.holder(number) for number in numbers}
        if len(wanted) <= _FEW:
            self._families = (
                {one: people.numbers_held(ws, member_no=one) for one in wanted} if self._held else {one: [one] for one in wanted}
            )
            return
        self._families = {one: [one] for one in wanted}
        for number, holder in self._held.items():
            if holder in wanted and number != holder:
                self._families[holder].append(number)

    def holder(self, number: int) -> int:
        """The member that holds a number."""
        return self._held.get(number, number)

    def of(self, number: int) -> list[int]:
        """The holder of a number and every number merged into it."""
        return self._families[self.holder(number)]

    def numbers(self) -> list[int]:
        """Every number of every family."""
        return [number for family in self._families.values() for number in family]
