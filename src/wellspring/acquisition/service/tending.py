"""Fetches what a code needs from outside: its picture, and what the platform calls the files of its welcome.

A welcome has seconds, so nothing of it may be fetched then: files are uploaded when a code is saved, and again before
the platform forgets them (ids live three days, page 90253).
"""

import datetime as dt
from typing import Any

from wellspring.acquisition.contracts.codes import Code, CodeKind, CodeState, PartKind, Way, WayState
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.service import gate
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Workspace

PURPOSE = "acquisition.picture"
_STEP = 10
# Nobody else takes the code while it is tended; whoever held it longer is dead.
_HELD = dt.timedelta(minutes=2)
_BEFORE = dt.timedelta(hours=12)
_PAUSE_SECONDS = 5
_PAUSE_MAX = dt.timedelta(hours=1)
# The platform made no picture yet: ask again soon.
_SOON = dt.timedelta(seconds=5)


def step(ws: Workspace) -> int:
    """Tends codes that are due; gives how many."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        waiting = repo.tending(tx, now, _STEP)
    done = 0
    for code_id, attempts in waiting:
        held = ws.clock.now() + _HELD
        with ws.sql.write() as tx:
            is_mine = repo.hold(tx, code_id, seen=now, until=held)
        if is_mine:
            _tend(ws, code_id, attempts, held)
            done += 1
    return done


def key_of(kind: PartKind, file_id: str) -> str:
    """Under which name a file's id is kept: an image has an address for ever, a mini program's picture an id."""
    return f"{kind}:{file_id}"


def _tend(ws: Workspace, code_id: str, attempts: int, held: dt.datetime) -> None:
    with ws.sql.read() as tx:
        code = repo.code(tx, code_id)
        kept = repo.media(tx, code_id) if code is not None else {}
    if code is None or code.state is not CodeState.ACTIVE:
        with ws.sql.write() as tx:
            repo.tended(tx, code_id, held=held, tend_at=None)
        return
    is_whole, is_waiting = True, False
    for way in code.ways:
        looked = _look(ws, code, way)
        is_whole, is_waiting = is_whole and looked is not None, is_waiting or looked is False
    is_whole = _publish(ws, code) and is_whole
    media, is_uploaded = _media(ws, code, kept)
    values: dict[str, Any] = {"media": media, "attempts": 0}
    if not (is_whole and is_uploaded):
        values["attempts"] = attempts + 1
        values["tend_at"] = ws.clock.now() + min(dt.timedelta(seconds=_PAUSE_SECONDS * 2 ** min(attempts, 12)), _PAUSE_MAX)
    else:
        values["tend_at"] = ws.clock.now() + _SOON if is_waiting else _next(media)
    with ws.sql.write() as tx:
        repo.tended(tx, code_id, held=held, **values)


def _look(ws: Workspace, code: Code, way: Way) -> bool | None:
    """Brings a way up to what channels knows of it: True when whole, False when it is still being made, None when that failed."""
    if not way.entrance_id:
        return True
    entrance = gate.entrance(ws, way.entrance_id)
    url, standing = gate.address(entrance, way.state), gate.standing(entrance)
    problem = "" if entrance.error_code is None else str(entrance.error_code)
    picture_id: str | None = way.picture_id
    if url and code.draft.kind is not CodeKind.LINK and (not way.picture_id or url != way.url):
        picture_id = _picture(ws, code.draft.account_id, url, way)
    with ws.sql.write() as tx:
        repo.update_way(tx, way.id, standing=standing, url=url, problem=problem, **({"picture_id": picture_id} if picture_id else {}))
    if picture_id is None:
        return None
    return standing is not WayState.MAKING


def _publish(ws: Workspace, code: Code) -> bool:
    """The staff read the source on the customer in their own app: before anybody comes, its tags are there."""
    try:
        gate.publish_tags(ws, code.draft.account_id, code.draft.tags)
    except WellspringError:
        return False
    return True


def _picture(ws: Workspace, account_id: str, url: str, way: Way) -> str | None:
    try:
        content, media_type = gate.picture(ws, account_id, url)
    except WellspringError:
        return None
    return ws.files.put([content], name=f"{way.state}.{media_type.partition('/')[2]}", media_type=media_type, purpose=PURPOSE).id


def _media(ws: Workspace, code: Code, kept: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """What the files of the welcome are called there, and whether all of them are known."""
    found: dict[str, Any] = {}
    is_whole = True
    soon = iso(ws.clock.now() + _BEFORE)
    for part in (part for variant in code.draft.welcome for part in variant.parts):
        if not part.file_id or part.kind not in {PartKind.IMAGE, PartKind.MINIPROGRAM}:
            continue
        key = key_of(part.kind, part.file_id)
        known = kept.get(key)
        if known is not None and (not known[1] or known[1] > soon):
            found[key] = known
            continue
        try:
            name, expires_at = gate.uploaded(ws, code.draft.account_id, part.file_id, is_lasting=part.kind is PartKind.IMAGE)
        except WellspringError:
            is_whole = False
            if known is not None:
                found[key] = known
        else:
            found[key] = [name, iso(expires_at) if expires_at else ""]
    return found, is_whole


def _next(media: dict[str, Any]) -> dt.datetime | None:
    expiring = [dt.datetime.fromisoformat(until) for _, until in media.values() if until]
    return min(expiring) - _BEFORE if expiring else None
