"""Addresses that name link, member and origin: made when a body is rendered, taken apart when one is opened."""

import dataclasses
import hashlib

from wellspring.content.errors import LinkUnknown
from wellspring.content.repo import tracks
from wellspring.content.rules import links
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace

# Where a server stands that nobody told its address.
_HERE = "http://127.0.0.1:8800"
_ORIGIN_MAX = 200
URL, ARTICLE, POSTER = "url", "article", "poster"


@dataclasses.dataclass(frozen=True)
class Followed:
    """What an address is about: the link, where it was sent from, and to whom (0 for a picture that anybody may see)."""

    link_id: int
    origin_id: int
    member_no: int


def number_of(ws: Workspace, *, content_id: str, version: int, kind: str, url: str) -> int:
    """The number of a link, made where it is new. Not inside a read block."""
    digest = hashlib.blake2b(f"{content_id}\x1f{version}\x1f{kind}\x1f{url}".encode(), digest_size=16).digest()
    with ws.sql.read() as tx:
        known = tracks.links(tx, [digest])
    if digest in known:
        return known[digest]
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "content.link")
        known = tracks.links(tx, [digest])
        values = {"content_id": content_id, "version": version, "kind": kind, "url": url, "digest": digest}
        return known.get(digest) or tracks.add_link(tx, values)


def origin_number(ws: Workspace, name: str) -> int:
    """The number of an origin, made where it is new; 0 for none."""
    if not name:
        return 0
    kept = name[:_ORIGIN_MAX]
    with ws.sql.read() as tx:
        known = tracks.origin(tx, kept)
    if known is not None:
        return known
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "content.origin")
        return tracks.origin(tx, kept) or tracks.add_origin(tx, kept)


def base() -> str:
    """The address under which members open pages."""
    return ProcessSettings().public_url.rstrip("/") or _HERE


def address(ws: Workspace, root: str, followed: Followed) -> str:
    """The address that says all this."""
    body = links.packed(followed.link_id, followed.origin_id, followed.member_no)
    return f"{root}/t/{ws.slug}.{links.token(body, _digest(ws, body))}"


def followed_by(ws: Workspace, token: str) -> Followed:
    """What an address is about. Raises LinkUnknown for one that these keys did not make."""
    parts = links.parted(token)
    if parts is None or not links.digest_fits(parts[1], _digest(ws, parts[0])):
        raise LinkUnknown
    numbers = links.unpacked(parts[0])
    if numbers is None:
        raise LinkUnknown
    return Followed(*numbers)


def _digest(ws: Workspace, body: bytes) -> bytes:
    return ws.keys.mark("content.link", body.hex())
