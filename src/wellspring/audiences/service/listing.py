"""Lists that somebody brings: members by id or by an identifier, taken over as an audience that no rule computes."""

import csv
import io
from collections.abc import Iterator, Sequence

from wellspring.audiences import errors
from wellspring.audiences.contracts import Audience
from wellspring.audiences.service import defining
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind

# A list of two million lines takes a minute; a longer one is better said as a tag or an attribute, by import.
LINES_MAX = 2_000_000
_PIECE = 20_000


def bring(ws: Workspace, *, by: Principal, name: str, named: Sequence[str | Identity], description: str = "") -> tuple[Audience, int]:
    """Makes the audience; gives it with how many names are nobody whom the caller may see. Raises NameTaken."""
    numbers: list[int] = []
    for start in range(0, len(named), _PIECE):
        numbers += people.numbers_visible(ws, by=by, names=named[start : start + _PIECE])
    found = set(filter(None, numbers))
    return defining.bring(ws, by=by, name=name, member_nos=found, description=description), numbers.count(0)


def named_in(text: str, *, kind: IdentityKind | None, namespace: str = "") -> Iterator[str | Identity]:
    """The names in a text, one per line or in its first column; of a kind, or members' ids without one.

    A heading that names a kind of identity (`phone`, `user_id`, `id`) is taken for it. Raises ListTooLong.
    """
    headings = {"id": None, "member_id": None, **{one.value: one for one in IdentityKind}}
    for place, row in enumerate(csv.reader(io.StringIO(text))):
        value = row[0].strip() if row else ""
        if place == 0 and value.lower() in headings:
            kind = headings[value.lower()] if kind is None else kind
            continue
        if place > LINES_MAX:
            raise errors.ListTooLong(limit=LINES_MAX)
        if value:
            yield value if kind is None else Identity(kind, value, namespace)
