"""Making, changing, refreshing and deleting audiences: computed first, then committed whole with who entered and left.

While a definition is computed the old version answers, and nobody sees a mixture. Whoever edits meanwhile wins: the
computation is then thrown away and done for the newest definition.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences import errors, events, repo
from wellspring.audiences.contracts import Audience, Cause, Refresh, State, Warned
from wellspring.audiences.rules import read, tree, write
from wellspring.audiences.service import resolving
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel import audit, bus, failpoints, sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

_PAUSES = {Refresh.HOURLY: dt.timedelta(hours=1), Refresh.DAILY: dt.timedelta(days=1)}
_LIST_HASH = hashlib.sha256(b"list").hexdigest()


def create(
    ws: Workspace, *, by: Principal, name: str, definition: object, refresh: Refresh, description: str = ""
) -> tuple[Audience, list[Warned]]:
    """Makes an audience with its first version. Raises DefinitionInvalid, NameTaken."""
    node, warnings = resolving.resolved(ws, read.read(definition))
    asking = Asking(ws, Instant(now_of(ws)))
    members = References(asking).evaluating.members(node)
    audience = _new(ws, by=by, name=name, description=description, node=node, refresh=refresh, watermark=asking.arrived)
    return _inserted(ws, audience, members, by=by), warnings


def bring(ws: Workspace, *, by: Principal, name: str, member_nos: Iterable[int], description: str = "") -> Audience:
    """Makes an audience of a list; numbers that are no members are left out. Raises NameTaken."""
    members = BitMap(member_nos) & people.active_members(ws)
    audience = _new(ws, by=by, name=name, description=description, node=None, refresh=Refresh.MANUAL, watermark=activity.watermark(ws))
    return _inserted(ws, audience, members, by=by)


def change(
    ws: Workspace,
    *,
    by: Principal,
    audience_id: str,
    name: str | None = None,
    definition: object = None,
    refresh: Refresh | None = None,
    description: str | None = None,
) -> tuple[Audience, list[Warned]]:
    """Changes what is given. Raises AudienceUnknown, DefinitionInvalid (also for a cycle), NameTaken."""
    node, warnings = None, list[Warned]()
    if definition is not None:
        node, warnings = resolving.resolved(ws, read.read(definition), audience_id=audience_id)
    members = None
    asking = Asking(ws, Instant(now_of(ws)))
    if node is not None:
        references = References(asking)
        members = references.with_hands(audience_id, references.evaluating.members(node))
    failpoints.hit("audiences.change.computed")
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        audience = _known(tx, audience_id)
        _demand_free(tx, name, audience_id)
        changed = dataclasses.replace(
            audience,
            name=audience.name if name is None else name,
            description=audience.description if description is None else description,
            refresh=audience.refresh if refresh is None else refresh,
        )
        if node is not None:
            changed = dataclasses.replace(changed, definition=write.write(node), definition_hash=hash_of(node))
        _store(tx, changed, now=ws.clock.now())
        detail = {"name": changed.name, "refresh": changed.refresh.value, "definition": node is not None}
        audit.append(ws.sql, tx, by=by, action="audiences.change", subject=audience_id, at=ws.clock.now(), detail=detail)
        if members is not None:
            changed = put_members(ws, tx, changed, members, cause=Cause.EDITED, instant=asking.instant.now, watermark=asking.arrived)
            bus.tell(ws.sql, tx, events.Defined(audience_id), at=ws.clock.now())
        failpoints.hit("audiences.change.before_commit")
    return changed, warnings


def refresh(ws: Workspace, *, audience_id: str, cause: Cause = Cause.REFRESHED) -> Audience:
    """Computes an audience anew, as of now. Raises AudienceUnknown."""
    while True:
        with ws.sql.read() as tx:
            audience = _known(tx, audience_id)
        if audience.definition is None:
            return audience
        asking = Asking(ws, Instant(now_of(ws)))
        members = References(asking).of(audience)
        with ws.sql.write() as tx:
            ws.sql.lock(tx, repo.LOCK)
            present = _known(tx, audience_id)
            if present.definition_hash == audience.definition_hash:
                return put_members(ws, tx, present, members, cause=cause, instant=asking.instant.now, watermark=asking.arrived)


def by_hand(ws: Workspace, *, by: Principal, audience_id: str, put: BitMap, out: BitMap, clear: BitMap, reason: str = "") -> Audience:
    """Puts members in, keeps members out, or clears either; it sticks until cleared. Raises AudienceUnknown."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        audience = _known(tx, audience_id)
        inside, outside = repo.by_hand_names(audience_id)
        if audience.definition is not None:
            sets.change(tx, inside, remove=clear | out, add=put)
            sets.change(tx, outside, remove=clear | put, add=out)
        detail = {"put": len(put), "out": len(out), "cleared": len(clear), "reason": reason}
        audit.append(ws.sql, tx, by=by, action="audiences.by_hand", subject=audience_id, at=ws.clock.now(), detail=detail)
        members = ((repo.members(tx, audience_id) | put) - out) & people.active_members(ws)
        changed = put_members(ws, tx, audience, members, cause=Cause.BY_HAND, instant=None, watermark=audience.watermark)
    return refresh(ws, audience_id=audience_id, cause=Cause.BY_HAND) if clear and audience.definition is not None else changed


def delete(ws: Workspace, *, by: Principal, audience_id: str) -> None:
    """Deletes an audience. Raises AudienceUnknown, AudienceInUse."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        audience = _known(tx, audience_id)
        users = users_of(ws, tx, audience_id)
        if users:
            raise errors.AudienceInUse(users="、".join(users))
        repo.delete(tx, audience_id)
        audit.append(ws.sql, tx, by=by, action="audiences.delete", subject=audience_id, at=ws.clock.now(), detail={"name": audience.name})
        bus.tell(ws.sql, tx, events.Deleted(audience_id), at=ws.clock.now())


def users_of(ws: Workspace, tx: Tx, audience_id: str) -> list[str]:
    """The names of whatever is defined by an audience: other audiences, and rule tags."""
    defined = [other for other in repo.listing(tx) if other.definition is not None]
    found = [other.name for other in defined if audience_id in resolving.references(read.read(other.definition))]
    return found + [_tag_name(ws, tag_id) for tag_id, ruled_by in tags.rules(ws).items() if ruled_by == audience_id]


def _tag_name(ws: Workspace, tag_id: str) -> str:
    tag = tags.get(ws, tag_id=tag_id)
    return f"{tag.group}/{tag.name}"


@dataclasses.dataclass(frozen=True)
class Put:
    """The members that an audience shall have, and those that it has."""

    audience: Audience
    members: BitMap
    before: BitMap
    cause: Cause
    drift: int = 0


def put_members(
    ws: Workspace, tx: Tx, audience: Audience, members: BitMap, *, cause: Cause, instant: int | None, watermark: int
) -> Audience:
    """Makes these the members in the running transaction, with the version, its event and whoever follows it."""
    put = Put(audience, members, repo.members(tx, audience.id), cause)
    return put_several(ws, tx, [put], instant=instant, watermark=watermark)[0]


def put_several(ws: Workspace, tx: Tx, puts: Sequence[Put], *, instant: int | None, watermark: int) -> list[Audience]:
    """The same of several audiences, as of one cut."""
    now = ws.clock.now()
    at = now if instant is None else dt.datetime.fromtimestamp(instant / 1000, tz=dt.UTC)
    found, versions, told = [], [], []
    for put in puts:
        entered, left = put.members - put.before, put.before - put.members
        is_new = bool(entered or left) or put.cause in {Cause.CREATED, Cause.EDITED}
        made = dataclasses.replace(
            put.audience,
            version=put.audience.version + is_new,
            members=len(put.members),
            state=State.READY,
            failed_since=None,
            problem=None,
            watermark=watermark,
            computed_at=at,
            drift=put.audience.drift + put.drift,
        )
        found.append(made)
        if is_new:
            versions.append((made, entered, left, put.cause))
            told.append(events.Changed(made.id, made.version, len(entered), len(left), put.cause.value))
    # What somebody else may change meanwhile (a name, a description) is left as it is.
    repo.change_several(tx, [{**_computed(made), "known": made.id, "changed_at": now, "due_at": _due_at(made)} for made in found])
    sets.change_several(tx, {repo.set_name(made.id): (entered, left) for made, entered, left, _cause in versions})
    repo.add_versions(tx, versions, at=now)
    bus.tell(ws.sql, tx, *told, at=now)
    changed = {put.audience.id: put.members for put, made in zip(puts, found, strict=True) if made.version != put.audience.version}
    for tag_id, ruled_by in tags.rules(ws).items() if changed else ():
        if ruled_by in changed:
            tags.follow(ws, tx, tag_id, changed[ruled_by])
    return found


def hash_of(node: tree.Node) -> str:
    """Tells definitions of different meaning apart."""
    return hashlib.sha256(write.canonical(node)).hexdigest()


def _new(
    ws: Workspace, *, by: Principal, name: str, description: str, node: tree.Node | None, refresh: Refresh, watermark: int
) -> Audience:
    now = ws.clock.now()
    return Audience(
        id=new_id("aud"),
        name=name,
        description=description,
        definition=None if node is None else write.write(node),
        definition_hash=_LIST_HASH if node is None else hash_of(node),
        refresh=refresh,
        state=State.READY,
        version=0,
        members=0,
        created_at=now,
        created_by=by.id,
        changed_at=now,
        computed_at=now,
        watermark=watermark,
        failed_since=None,
        problem=None,
        drift=0,
    )


def _inserted(ws: Workspace, audience: Audience, members: BitMap, *, by: Principal) -> Audience:
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        _demand_free(tx, audience.name, audience.id)
        repo.insert(tx, {**_columns(audience), "id": audience.id, "created_at": now, "created_by": by.id, "changed_at": now})
        audit.append(ws.sql, tx, by=by, action="audiences.create", subject=audience.id, at=now, detail={"name": audience.name})
        bus.tell(ws.sql, tx, events.Defined(audience.id), at=now)
        made = put_members(ws, tx, audience, members, cause=Cause.CREATED, instant=None, watermark=audience.watermark)
        failpoints.hit("audiences.create.before_commit")
    return made


def _store(tx: Tx, audience: Audience, *, now: dt.datetime) -> None:
    repo.change(tx, audience.id, {**_columns(audience), "changed_at": now, "due_at": _due_at(audience)})


def _due_at(audience: Audience) -> dt.datetime | None:
    pause = _PAUSES.get(audience.refresh)
    return None if pause is None or audience.definition is None or audience.computed_at is None else audience.computed_at + pause


def _columns(audience: Audience) -> Mapping[str, Any]:
    names = ("name", "description", "definition", "definition_hash")
    return {name: getattr(audience, name) for name in names} | {"refresh": audience.refresh.value} | _computed(audience)


def _computed(audience: Audience) -> dict[str, Any]:
    names = ("version", "members", "computed_at", "watermark", "failed_since", "problem", "drift")
    return {name: getattr(audience, name) for name in names} | {"state": audience.state.value}


def _known(tx: Tx, audience_id: str) -> Audience:
    found = repo.one(tx, audience_id)
    if found is None:
        raise errors.AudienceUnknown
    return found


def _demand_free(tx: Tx, name: str | None, audience_id: str) -> None:
    if name is not None and (other := repo.named(tx, name)) is not None and other.id != audience_id:
        raise errors.NameTaken(name=name)
