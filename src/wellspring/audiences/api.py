"""The front door of audiences: counted while typed, made, changed, looked at, and followed by whoever stands above.

Whatever is told of members is limited to the caller's data scope; the members themselves are computed for everybody.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.audiences.contracts import (
    Arrived,
    Audience,
    Belonging,
    Explained,
    Explanation,
    FileFormat,
    MemberLine,
    Overlap,
    Passage,
    Preview,
    Refresh,
    Shown,
    Tick,
    Version,
    Vocabulary,
    Wanted,
    Warned,
    Webhook,
)
from wellspring.audiences.service import (
    belonging,
    browsing,
    choosing,
    defining,
    explaining,
    exporting,
    following,
    listing,
    previewing,
    pushing,
    wording,
)
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Identity, IdentityKind


def preview(ws: Workspace, *, by: Principal, definition: object, at: dt.datetime | None = None, as_known: bool = False) -> Preview:
    """What a definition would hold now, or as of a past instant; nothing is stored.

    `as_known` limits a past instant to what had arrived by then. Raises DefinitionInvalid, InstantAhead.
    """
    return previewing.preview(ws, by=by, definition=definition, at=at, as_known=as_known)


def members_of(ws: Workspace, *, definition: object, at: dt.datetime | None = None, as_known: bool = False) -> BitMap:
    """Everybody of a definition, whoever may see them. Raises DefinitionInvalid, InstantAhead."""
    return previewing.members(ws, definition=definition, at=at, as_known=as_known)


def create(
    ws: Workspace, *, by: Principal, name: str, definition: object, refresh: Refresh = Refresh.LIVE, description: str = ""
) -> tuple[Shown, list[Warned]]:
    """Makes an audience with its first version; gives it with what may be a slip. Raises DefinitionInvalid, NameTaken."""
    made, warnings = defining.create(ws, by=by, name=name, definition=definition, refresh=refresh, description=description)
    return browsing.one(ws, by=by, audience_id=made.id), warnings


def bring(ws: Workspace, *, by: Principal, name: str, member_nos: Iterable[int], description: str = "") -> Shown:
    """Makes an audience of a list of members; numbers that are no members are left out. Raises NameTaken."""
    made = defining.bring(ws, by=by, name=name, member_nos=member_nos, description=description)
    return browsing.one(ws, by=by, audience_id=made.id)


def bring_named(ws: Workspace, *, by: Principal, name: str, named: Sequence[str | Identity], description: str = "") -> tuple[Shown, int]:
    """Makes an audience of members named by id or by an identifier; gives how many are nobody whom the caller may see.

    Raises NameTaken.
    """
    made, unknown = listing.bring(ws, by=by, name=name, named=named, description=description)
    return browsing.one(ws, by=by, audience_id=made.id), unknown


def names_in(text: str, *, kind: IdentityKind | None = None, namespace: str = "") -> list[str | Identity]:
    """The names of members in a text, one per line or in its first column, for `bring_named`. Raises ListTooLong."""
    return list(listing.named_in(text, kind=kind, namespace=namespace))


def export(
    ws: Workspace, *, by: Principal, audience_id: str, file_format: FileFormat, columns: Sequence[str] = (), purpose: str = ""
) -> str:
    """Queues a file of its members; gives the job's id, whose result names the file.

    Plain values need people:pii:read and a purpose. Raises AudienceUnknown, ColumnUnknown, Forbidden, PurposeMissing.
    """
    return exporting.ask(ws, by=by, audience_id=audience_id, file_format=file_format, columns=columns, purpose=purpose)


def export_hashed(ws: Workspace, *, by: Principal, audience_id: str, file_format: FileFormat, fields: Sequence[str] = ()) -> str:
    """Queues a file of SHA-256 hashes for an ad platform; gives the job's id. Raises AudienceUnknown, ColumnUnknown."""
    return exporting.ask_hashed(ws, by=by, audience_id=audience_id, file_format=file_format, fields=fields)


def webhooks(ws: Workspace, *, audience_id: str) -> list[Webhook]:
    """Who is told of members that enter and leave. Raises AudienceUnknown."""
    return pushing.listing(ws, audience_id=audience_id)


def add_webhook(ws: Workspace, *, by: Principal, audience_id: str, url: str) -> tuple[Webhook, str]:
    """Tells an address of every version from now on; gives the webhook with its secret, which is shown this once.

    Raises AudienceUnknown, ScopeTooNarrow, AddressRefused, WebhooksTooMany.
    """
    return pushing.add(ws, by=by, audience_id=audience_id, url=url)


def remove_webhook(ws: Workspace, *, by: Principal, audience_id: str, webhook_id: str) -> None:
    """Tells an address nothing any more. Raises AudienceUnknown, WebhookUnknown."""
    pushing.remove(ws, by=by, audience_id=audience_id, webhook_id=webhook_id)


def change(
    ws: Workspace,
    *,
    by: Principal,
    audience_id: str,
    name: str | None = None,
    definition: object = None,
    refresh: Refresh | None = None,
    description: str | None = None,
) -> tuple[Shown, list[Warned]]:
    """Changes what is given; a new definition is computed at once. Raises AudienceUnknown, DefinitionInvalid, NameTaken."""
    changed, warnings = defining.change(
        ws, by=by, audience_id=audience_id, name=name, definition=definition, refresh=refresh, description=description
    )
    return browsing.one(ws, by=by, audience_id=changed.id), warnings


def refresh(ws: Workspace, *, by: Principal, audience_id: str) -> Shown:
    """Computes an audience anew, as of now. Raises AudienceUnknown."""
    defining.refresh(ws, audience_id=audience_id)
    return browsing.one(ws, by=by, audience_id=audience_id)


def delete(ws: Workspace, *, by: Principal, audience_id: str) -> None:
    """Deletes an audience that nothing stands on. Raises AudienceUnknown, AudienceInUse."""
    defining.delete(ws, by=by, audience_id=audience_id)


def choose(
    ws: Workspace,
    *,
    by: Principal,
    audience_id: str,
    put: Sequence[str] = (),
    lift: Sequence[str] = (),
    clear: Sequence[str] = (),
    reason: str = "",
) -> tuple[Shown, int]:
    """Puts members in, keeps members out, or gives them back to the rule, by id; gives how many were skipped.

    What is said by hand beats the rule until it is cleared. Raises AudienceUnknown.
    """
    skipped = choosing.choose(ws, by=by, audience_id=audience_id, put=put, out=lift, clear=clear, reason=reason)
    return browsing.one(ws, by=by, audience_id=audience_id), skipped


def one(ws: Workspace, *, by: Principal, audience_id: str) -> Shown:
    """One audience. Raises AudienceUnknown."""
    return browsing.one(ws, by=by, audience_id=audience_id)


def page(ws: Workspace, *, by: Principal, q: str = "", cursor: str | None = None, limit: int | None = None) -> Page[Shown]:
    """Audiences by name."""
    return browsing.page(ws, by=by, q=q, cursor=cursor, limit=limit)


def find(ws: Workspace, *, audience_id: str) -> Audience | None:
    """The audience of an id or a name, None where there is none."""
    return browsing.find(ws, audience_id)


def members(ws: Workspace, *, by: Principal, audience_id: str) -> BitMap:
    """Who is in it by its last complete version. Raises AudienceUnknown."""
    return browsing.members(ws, by=by, audience_id=audience_id)


def member_page(ws: Workspace, *, by: Principal, audience_id: str, cursor: str | None = None, limit: int | None = None) -> Page[MemberLine]:
    """Its members in order of their numbers, masked. Raises AudienceUnknown."""
    return browsing.member_page(ws, by=by, audience_id=audience_id, cursor=cursor, limit=limit)


def history(ws: Workspace, *, by: Principal, audience_id: str, cursor: str | None = None, limit: int | None = None) -> Page[Version]:
    """How many entered and left with each version, the newest first. Raises AudienceUnknown."""
    return browsing.versions(ws, by=by, audience_id=audience_id, cursor=cursor, limit=limit)


def changed_page(
    ws: Workspace, *, by: Principal, audience_id: str, version: int, entered: bool, cursor: str | None = None, limit: int | None = None
) -> Page[MemberLine]:
    """Who entered or left with a version. Raises AudienceUnknown."""
    return browsing.changed_page(ws, by=by, audience_id=audience_id, version=version, entered=entered, cursor=cursor, limit=limit)


def overlap(ws: Workspace, *, by: Principal, ids: Sequence[str]) -> Overlap:
    """How many are in exactly which of two to six audiences. Raises AudienceUnknown, Invalid."""
    return browsing.overlap(ws, by=by, ids=ids)


def of_member(ws: Workspace, *, by: Principal, member: str) -> list[Belonging]:
    """The audiences that a member (by id or number) is in, or is kept out of by hand. Raises MemberUnknown."""
    return belonging.of_member(ws, by=by, member=member)


def explain(ws: Workspace, *, by: Principal, audience_id: str, member: str) -> Explanation:
    """Why a member (by id or number) is in an audience or is not: each condition with what was measured and what proves it.

    Raises AudienceUnknown, MemberUnknown.
    """
    return explaining.explain(ws, by=by, audience_id=audience_id, member=member)


def explain_definition(ws: Workspace, *, by: Principal, definition: object, member: str) -> Explained:
    """The same of a definition that is stored nowhere. Raises DefinitionInvalid, MemberUnknown."""
    return explaining.explain_definition(ws, by=by, definition=definition, member=member)


def ticks(ws: Workspace, *, limit: int | None = None) -> list[Tick]:
    """The newest heartbeats."""
    return browsing.ticks(ws, limit=limit)


def stale_since(ws: Workspace) -> dt.datetime | None:
    """Since when an audience could not be brought up to date; None while all are."""
    return browsing.stale_since(ws)


def parse(ws: Workspace, *, text: str) -> tuple[Mapping[str, Any], str]:
    """The definition of a text, and the text as it is printed. Raises TextInvalid."""
    return wording.parse(ws, text)


def print_text(ws: Workspace, *, definition: object) -> str:
    """The definition as people write it, audiences by name. Raises DefinitionInvalid."""
    return wording.print_text(ws, definition)


def vocabulary(ws: Workspace, *, by: Principal) -> Vocabulary:
    """The names that a definition can speak of here."""
    return wording.vocabulary(ws, by=by)


def demand_sound(ws: Workspace, *, definition: object) -> None:
    """Nothing if it can be asked here. Raises DefinitionInvalid."""
    following.demand_sound(ws, definition)


def changes_since(ws: Workspace, *, audience_id: str, version: int, limit: int = 1_000) -> list[Passage]:
    """Who entered and left with each version after this one, the oldest first."""
    return following.changes_since(ws, audience_id=audience_id, version=version, limit=limit)


def arrivals(ws: Workspace, *, wanted: Sequence[Wanted], after: int, upto: int) -> list[Arrived]:
    """The events with arrival numbers in (after, upto] that fulfil a wish, in order of time. Raises DefinitionInvalid."""
    return following.arrivals(ws, wanted, after=after, upto=upto)


def happened(ws: Workspace, *, wanted: Sequence[Wanted], since: dt.datetime, until: dt.datetime) -> list[Arrived]:
    """The events of a span of time that fulfil a wish, in order of time. Raises DefinitionInvalid."""
    return following.happened(ws, wanted, since=since, until=until)


def texts_of(ws: Workspace, *, attribute: str) -> Mapping[str, BitMap]:
    """The members of each text, date or instant that is the value of an attribute now."""
    return following.texts_of(ws, attribute)


def zones(ws: Workspace) -> Mapping[ZoneInfo, BitMap]:
    """Members by their own time zone, those in the workspace's left out."""
    return following.zones(ws)
