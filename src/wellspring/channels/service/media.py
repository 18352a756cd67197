"""Files at the platform: uploaded once per account and kind, and again before the platform forgets them after three days."""

import datetime as dt
import threading
import weakref
from collections.abc import Iterable

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import media as uploads
from wellspring.channels.adapters.wecom import pictures
from wellspring.channels.contracts.ways import Media, MediaKind
from wellspring.channels.repo import media as repo
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace

# The platform keeps it for three days (page 90253); whoever plans a welcome must be able to use what the cache names.
_LIVES = dt.timedelta(days=3)
_MARGIN = dt.timedelta(hours=12)

_turns: "weakref.WeakKeyDictionary[Sql, dict[tuple[str, str, str], threading.Lock]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def upload(ws: Workspace, *, account_id: str, file_id: str, kind: MediaKind, may_wait: bool = True) -> Media:
    """What the file is called there, uploading it when that is unknown or soon over. Raises MediaRefused, NotFound, ChannelFailed.

    With `may_wait` False whatever can still be used is given at once, without a call where there is any.
    """
    now = ws.clock.now()
    known = _known(ws, account_id, file_id, kind, now if not may_wait else now + _MARGIN)
    if known is not None:
        return known
    # One upload at a time of one file: many welcomes may want it in the same second.
    with _turn(ws, (account_id, file_id, kind)):
        known = _known(ws, account_id, file_id, kind, now + _MARGIN)
        return known or _upload(ws, account_id, file_id, kind)


def warm(ws: Workspace, *, account_id: str, file_ids: Iterable[str], kind: MediaKind = MediaKind.IMAGE) -> int:
    """Uploads what is missing or soon over; gives the number of files that can be used now."""
    return len([upload(ws, account_id=account_id, file_id=file_id, kind=kind) for file_id in file_ids])


def picture(ws: Workspace, *, account_id: str, url: str) -> bytes:
    """The content of a picture that the platform made, such as a code. Raises MediaRefused, AddressRefused."""
    content = pictures.fetch(ws, account_of(ws, account_id), url)
    if content is None:
        raise errors.MediaRefused(zh_reason="图片取不到或太大", en_reason="the picture cannot be fetched, or is too large")
    return content


def forget_expired(ws: Workspace) -> int:
    """Drops names that cannot be used any more; gives how many."""
    with ws.sql.write() as tx:
        return repo.forget_expired(tx, ws.clock.now())


def _known(ws: Workspace, account_id: str, file_id: str, kind: MediaKind, until: dt.datetime) -> Media | None:
    with ws.sql.read() as tx:
        found = repo.found(tx, account_id, file_id, kind)
    return found if found is not None and (found.expires_at is None or found.expires_at > until) else None


def _upload(ws: Workspace, account_id: str, file_id: str, kind: MediaKind) -> Media:
    stored = ws.files.get(file_id)
    if (fault := uploads.fault(kind, stored.media_type, stored.size_bytes)) is not None:
        raise errors.MediaRefused(zh_reason=fault[0], en_reason=fault[1])
    now = ws.clock.now()
    content = b"".join(ws.files.read(file_id))
    media_id = uploads.upload(asking(ws, account_id), kind, stored.name, content, stored.media_type)
    media = Media(media_id, None if kind is MediaKind.IMAGE_URL else now + _LIVES)
    with ws.sql.write() as tx:
        repo.keep(tx, account_id, file_id, kind, media, at=now)
    return media


def _turn(ws: Workspace, key: tuple[str, str, str]) -> threading.Lock:
    with _guard:
        return _turns.setdefault(ws.sql, {}).setdefault(key, threading.Lock())
