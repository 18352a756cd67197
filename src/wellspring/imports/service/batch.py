"""A batch of rows on its way in: reading fields, setting rows aside with their reason, counting what was done."""

import dataclasses
import datetime as dt
from collections import Counter
from typing import NamedTuple

from wellspring.imports.contracts import FieldType, Taken
from wellspring.imports.rules import values
from wellspring.imports.rules.fields import IDENTITY_NAMES, known
from wellspring.imports.service.plans import Plan
from wellspring.imports.service.reject import Rejected
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Identity, IdentityKind


class Row(NamedTuple):
    """A row with its place from 0, its cells, and the cells by column."""

    place: int
    cells: list[str]
    named: dict[str, str]


@dataclasses.dataclass
class Batch:
    """Rows of one plan; without an actor it is a dry run and writes nothing."""

    ws: Workspace
    plan: Plan
    actor: Principal | None
    rows: list[Row] = dataclasses.field(default_factory=list)
    rejected: list[Rejected] = dataclasses.field(default_factory=list)
    tally: Counter[str] = dataclasses.field(default_factory=Counter)
    size: int = 0
    # In a dry run: hashes of who was named by the rows before; of a million people, 60 MB.
    foreseen: set[int] = dataclasses.field(default_factory=set)

    @property
    def is_dry(self) -> bool:
        """Whether nothing may be written."""
        return self.actor is None

    @property
    def by(self) -> Principal:
        """The actor."""
        return self.actor or SYSTEM

    def reject(self, row: Row, code: str, zh: str = "", en: str = "") -> None:
        """Sets a row aside."""
        self.rejected.append(Rejected(row.place, code, row.cells, zh, en))

    def text(self, row: Row, field: str) -> str:
        """A field's text, "" where it is empty or not mapped."""
        source = self.plan.mapping.fields.get(field)
        text = values.taken(row.named, source) if source else ""
        return "" if values.is_empty(text) else text

    def value(self, row: Row, field: str, source: Taken) -> values.Value | dt.datetime:
        """A field's value as its type. Raises Unreadable."""
        declared = known(self.plan.kind, field)
        kind = source.type or (declared.type if declared else FieldType.TEXT)
        text = values.taken(row.named, source)
        return values.typed(text, kind, zone=self.plan.zone_info, time_format=source.time_format, currency=self.plan.currency)

    def instant(self, row: Row, field: str) -> dt.datetime | None:
        """A field's instant; None where it is empty or not mapped. Raises Unreadable."""
        source = self.plan.mapping.fields.get(field)
        found = self.value(row, field, source) if source else None
        return found if isinstance(found, dt.datetime) else None

    def opened(self, row: Row, prefix: str) -> dict[str, values.Value | dt.datetime]:
        """All fields that begin with the prefix (attributes, properties), empty ones left out. Raises Unreadable."""
        found: dict[str, values.Value | dt.datetime] = {}
        for name, source in self.plan.mapping.fields.items():
            if name.startswith(prefix):
                value = self.value(row, name, source)
                if value is not None:
                    found[name.removeprefix(prefix)] = value
        return found

    def identities(self, row: Row) -> list[Identity]:
        """Every identifier that the row gives."""
        found = []
        for name in IDENTITY_NAMES:
            text = self.text(row, name)
            if text:
                found.append(Identity(IdentityKind(name), text, self.plan.shop if name in {"buyer_id", "openid"} else ""))
        return found
