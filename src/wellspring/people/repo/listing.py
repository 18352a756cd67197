"""Pages of members: keyset order, indexes for each filter, and never a count over everything."""

import dataclasses
import datetime as dt
from typing import Any

from wellspring.kernel.auth import Scope
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx
from wellspring.people.repo import members, rows

# Spelled with a literal, as the index of the departed is: with a parameter no engine could know that the index applies.
_DEPARTED = "state != 'active'"
_TOTAL = f"SELECT (SELECT coalesce(max(member_no), 0) FROM people_member) - (SELECT count(*) FROM people_member WHERE {_DEPARTED})"  # noqa: S608 - our own text
_FILTERS = {
    "state": "state = :state",
    "source": "source = :source",
    "home_unit_id": "home_unit_id = :home_unit_id",
    "identified": "identified = :identified",
    "created_from": "created_at >= :created_from",
    "created_to": "created_at < :created_to",
    "numbers": "member_no IN :numbers",
    "units": "home_unit_id IN :units",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list."""

    scope: Scope
    state: str | None = "active"
    source: str | None = None
    home_unit_id: str | None = None
    identified: bool | None = None
    created_from: dt.datetime | None = None
    created_to: dt.datetime | None = None
    numbers: tuple[int, ...] | None = None
    by_seen: bool = False
    ascending: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks for every active member."""
        filters = (self.source, self.home_unit_id, self.identified, self.created_from, self.created_to, self.numbers)
        return self.state == "active" and self.scope.is_all and all(one is None for one in filters)


def page(tx: Tx, wanted: Wanted, *, after: tuple[int, int] | None, limit: int) -> list[rows.Row]:
    """Rows after a place (last seen in milliseconds, number) in the order wanted."""
    params = _params(wanted)
    conditions = [_FILTERS[name] for name in params]
    if wanted.state not in (None, "active"):
        conditions.append(_DEPARTED)
    if after is not None:
        here, place = ("(last_seen_at, member_no)", "(:seen, :number)") if wanted.by_seen else ("member_no", ":number")
        conditions.append(f"{here} {'>' if wanted.ascending else '<'} {place}")
        params |= {"seen": after[0], "number": after[1]} if wanted.by_seen else {"number": after[1]}
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "ASC" if wanted.ascending else "DESC"
    by = f"last_seen_at {order}, member_no {order}" if wanted.by_seen else f"member_no {order}"
    text = f"SELECT {members.SHOWN} FROM people_member{where} ORDER BY {by} LIMIT :limit"  # noqa: S608 - conditions are our own text
    return [members.shown(row) for row in ask(tx, text, {**params, "limit": limit})]


def total(tx: Tx) -> int:
    """How many are active: the highest number minus the few that departed, which an index holds."""
    return int(ask(tx, _TOTAL)[0][0])


def _params(wanted: Wanted) -> dict[str, Any]:
    given: dict[str, Any] = {
        "state": wanted.state,
        "source": wanted.source,
        "home_unit_id": wanted.home_unit_id,
        "identified": wanted.identified,
        "created_from": None if wanted.created_from is None else to_millis(wanted.created_from),
        "created_to": None if wanted.created_to is None else to_millis(wanted.created_to),
        "numbers": None if wanted.numbers is None else list(wanted.numbers),
        "units": None if wanted.scope.unit_ids is None else sorted(wanted.scope.unit_ids),
    }
    return {name: value for name, value in given.items() if value is not None}
