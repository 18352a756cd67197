"""Links as they are opened: where they lead, who opened them, and the way of that into the log of activity.

A machine is led on like a person and counted apart. One person who opens a link several times within a minute opened
it once: phones fetch twice, and fingers tap twice.
"""

import datetime as dt

from wellspring.activity import api as activity
from wellspring.activity.contracts import Happening
from wellspring.content.contracts import ARTICLE_READ, LINK_OPENED
from wellspring.content.contracts.looks import Opened
from wellspring.content.errors import FileMissing, LinkUnknown
from wellspring.content.repo import materials, tracks
from wellspring.content.rules import drafts, markdown
from wellspring.content.service import files, tracking
from wellspring.content.service.tracking import ARTICLE, Followed
from wellspring.kernel import failpoints, pumps
from wellspring.kernel.clock import to_millis
from wellspring.kernel.ids import new_id
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

PUMP = "content.openings"
_SOURCE = "content"
_STEP = 500
_MINUTE_MILLIS = 60_000
# A page tells how far somebody has read until it is closed; after this its numbers stand.
_READING = dt.timedelta(minutes=10)
_SECONDS_MAX = 3_600


def open_link(ws: Workspace, *, token: str, is_machine: bool) -> Opened:
    """Follows a link and notes it. Raises LinkUnknown."""
    followed = tracking.followed_by(ws, token)
    with ws.sql.read() as tx:
        link = tracks.link(tx, followed.link_id)
        found = materials.version(tx, link.content_id, link.version) if link is not None and link.kind == ARTICLE else None
    if link is None or (link.kind == ARTICLE and (found is None or found.draft.article is None)):
        raise LinkUnknown
    if is_machine:
        with ws.sql.write() as tx:
            tracks.count_machine(tx, followed.link_id)
    else:
        _note(ws, followed, LINK_OPENED)
    if found is None or found.draft.article is None:
        return Opened(url=link.url)
    page = markdown.page(found.draft.article.text, lambda file_id: _picture(ws, token, file_id))
    return Opened(article=found.draft.article, html=page, brand=ws.settings.get(WorkspaceSettings).name)


def read_on(ws: Workspace, *, token: str, seconds: int, percent: int) -> None:
    """Notes how long and how far an article was read. Raises LinkUnknown."""
    followed = tracking.followed_by(ws, token)
    with ws.sql.read() as tx:
        link = tracks.link(tx, followed.link_id)
    if link is None or link.kind != ARTICLE:
        raise LinkUnknown
    _note(ws, followed, ARTICLE_READ, seconds=min(max(seconds, 1), _SECONDS_MAX), percent=min(max(percent, 0), 100))


def picture_of(ws: Workspace, *, token: str, file_id: str) -> str:
    """The type of a picture that an article shows. Raises LinkUnknown, FileMissing for any other file."""
    followed = tracking.followed_by(ws, token)
    with ws.sql.read() as tx:
        link = tracks.link(tx, followed.link_id)
        found = materials.version(tx, link.content_id, link.version) if link is not None else None
    if found is None or found.draft.article is None:
        raise LinkUnknown
    if file_id not in drafts.files(found.draft) and f"({file_id})" not in found.draft.article.text:
        raise FileMissing
    stored = files.get(ws, file_id)
    if not stored.media_type.startswith("image/"):
        raise FileMissing
    return stored.media_type


def step(ws: Workspace) -> int:
    """Takes openings that wait into the log; the pump's step."""
    with ws.sql.read() as tx:
        rows = tracks.waiting(tx, until=ws.clock.now() - _READING, limit=_STEP)
        origins = tracks.origins(tx, [row.origin_id for row in rows])
        named = materials.several(tx, [row.content_id for row in rows])
    if not rows:
        return 0
    told = []
    for row in rows:
        if not row.member_no:
            continue
        properties = {"content_id": row.content_id, "version": int(row.version), "url": row.url, "origin": origins.get(row.origin_id, "")}
        properties["content"] = named[row.content_id].name
        if row.kind == ARTICLE_READ:
            properties |= {"seconds": int(row.seconds), "percent": int(row.percent)}
        said = {name: value for name, value in properties.items() if value != ""}
        told.append(Happening(row.kind, int(row.member_no), row.at, f"content.{row.key}", said))
    activity.record(ws, told, source=_SOURCE)
    failpoints.hit("content.openings.recorded")
    counts: dict[str, int] = {}
    for row in rows:
        if row.kind == LINK_OPENED:
            counts[row.content_id] = counts.get(row.content_id, 0) + 1
    with ws.sql.write() as tx:
        tracks.drop_openings(tx, [row.id for row in rows])
        for content_id, count in sorted(counts.items()):
            materials.count_opens(tx, content_id, count)
    return len(rows)


def _note(ws: Workspace, followed: Followed, kind: str, *, seconds: int = 0, percent: int = 0) -> None:
    now = ws.clock.now()
    member_no = people.holders_of(ws, member_nos=[followed.member_no])[0] if followed.member_no else 0
    window = to_millis(now) // _MINUTE_MILLIS if kind == LINK_OPENED else to_millis(now) // (_SECONDS_MAX * 1_000)
    told = f"{followed.link_id}.{followed.origin_id}.{followed.member_no}.{kind}.{window}"
    # Whoever sees a picture of ours is nobody we know: each of them counts.
    key = ws.keys.mark("content.opening", told).hex() if member_no else new_id("opn")
    values = {"key": key, "link_id": followed.link_id, "origin_id": followed.origin_id, "member_no": member_no, "kind": kind, "at": now}
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"content.opening.{key}")
        tracks.add_opening(tx, {**values, "seconds": seconds, "percent": percent})
        ws.sql.after_commit(lambda: pumps.wake(PUMP))


def _picture(ws: Workspace, token: str, named: str) -> str:
    if named.startswith(("https://", "http://")):
        return ""
    return f"/t/{ws.slug}.{token}/picture/{named}" if named.startswith("file_") else ""
