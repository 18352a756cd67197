"""The built web console: its files as they were built, and index.html for every address that belongs to the console.

Built files carry a hash in their name and are kept by browsers for ever; index.html is asked for anew each time.
Files are held in memory, packed once: the whole console is a few megabytes.
"""

import dataclasses
import gzip
import hashlib
import mimetypes
from pathlib import Path

import fastapi
from fastapi.responses import HTMLResponse, Response
from starlette.convertors import Convertor, register_url_convertor

from wellspring.console.http.headers import PAGE_HEADERS
from wellspring.kernel.errors import NotFound
from wellspring.kernel.web import public

STATIC = Path(__file__).parents[1] / "static"
_REASON = "the sign-in page must open before anyone has signed in; the files tell nothing"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# Below this size packing saves no packet.
_PACKED_BYTES_MIN = 1400
_PACKABLE = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>活水 Wellspring</title>
<style>body{font:16px/1.7 system-ui,sans-serif;max-width:42rem;margin:12vh auto;padding:0 1.5rem}</style>
<h1>控制台尚未构建</h1>
<p>服务已在运行，接口可用；网页需要先构建一次（需要 Node 20）：<code>make web</code>，然后刷新。</p>
<h1 lang="en">The console has not been built</h1>
<p lang="en">The server runs and its API answers. Build the pages once (needs Node 20): <code>make web</code>, then reload.</p>
<p><a href="/openapi.json">/openapi.json</a></p></html>"""

router = fastapi.APIRouter(include_in_schema=False)


class _PageAddress(Convertor[str]):
    """Any address but those under which only programs call."""

    regex = r"(?!(?:api|v1|lab|openapi\.json|health)(?:/|$)).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("console_page", _PageAddress())


@dataclasses.dataclass(frozen=True)
class _Asset:
    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    stamp: tuple[int, int]


class Assets:
    """The built files of a folder, read when first asked for and again when they changed."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._held: dict[Path, _Asset] = {}

    def find(self, address: str) -> _Asset | None:
        """The file at an address; never one outside the folder."""
        path = (self._root / address).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            return None
        facts = path.stat()
        stamp = (facts.st_mtime_ns, facts.st_size)
        held = self._held.get(path)
        if held is None or held.stamp != stamp:
            held = self._held[path] = _read(path, stamp)
        return held


_assets = Assets(STATIC)


@router.api_route("/{address:console_page}", methods=["GET", "HEAD"], dependencies=[public(_REASON)])
def page(request: fastapi.Request, address: str) -> Response:
    """A built file, or the console's one page, which then finds out by itself what the address means."""
    return answer(_assets, request, address)


def answer(assets: Assets, request: fastapi.Request, address: str) -> Response:
    """The answer for an address out of the given files."""
    asset = assets.find(address) if address else None
    if asset is not None:
        # Vite puts what it hashes into assets/.
        return _sent(asset, request, _FOR_EVER if address.startswith("assets/") else _ASK_AGAIN)
    if address.startswith("assets/") or "." in address.rpartition("/")[2]:
        raise NotFound
    index = assets.find("index.html")
    if index is None:
        return HTMLResponse(_NOT_BUILT, status_code=503, headers={**PAGE_HEADERS, "cache-control": "no-store"})
    return _sent(index, request, _ASK_AGAIN)


def _sent(asset: _Asset, request: fastapi.Request, caching: str) -> Response:
    headers = {**PAGE_HEADERS, "cache-control": caching, "etag": asset.etag, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _read(path: Path, stamp: tuple[int, int]) -> _Asset:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packable = media_type.startswith(_PACKABLE) and len(content) >= _PACKED_BYTES_MIN
    packed = gzip.compress(content, 6, mtime=0) if packable else None
    return _Asset(content, packed, media_type, f'"{hashlib.sha256(content).hexdigest()[:20]}"', stamp)
