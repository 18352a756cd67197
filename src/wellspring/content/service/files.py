"""Files of content: pictures, videos and documents of the kinds and sizes that channels take, told by their first bytes."""

import io
from collections.abc import Iterable

from PIL import Image, UnidentifiedImageError

from wellspring.content.errors import FileMissing, FileUnusable
from wellspring.content.service import drawing
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import NotFound
from wellspring.kernel.files import StoredFile
from wellspring.kernel.workspace import Workspace

PURPOSE = "content.file"
_MEGABYTE = 1024 * 1024
# What WeCom takes of each (page 90253): images and videos 10 MB, other files 20 MB.
IMAGE_BYTES_MAX, VIDEO_BYTES_MAX, FILE_BYTES_MAX = 10 * _MEGABYTE, 10 * _MEGABYTE, 20 * _MEGABYTE
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_DOCUMENTS = {b"%PDF-": "application/pdf", b"PK\x03\x04": "application/zip", b"\xd0\xcf\x11\xe0": "application/msword"}
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# A picture of more points than this is a trap for whoever opens it.
_POINTS_MAX = 40_000_000
_BYTES_MIN = 6


def add(ws: Workspace, *, by: Principal, name: str, content: bytes) -> StoredFile:
    """Keeps a file. Raises FileUnusable."""
    found = _type_of(name, content)
    if found is None or len(content) < _BYTES_MIN:
        raise FileUnusable
    stored = ws.files.put([content], name=name, media_type=found, purpose=PURPOSE)
    with ws.sql.write() as tx:
        audit.append(ws.sql, tx, by=by, action="content.file.add", subject=stored.id, at=ws.clock.now(), detail={"bytes": len(content)})
    return stored


def get(ws: Workspace, file_id: str) -> StoredFile:
    """What is known of a file of content. Raises FileMissing."""
    try:
        found = ws.files.get(file_id)
    except NotFound as unknown:
        raise FileMissing from unknown
    if found.purpose not in (PURPOSE, drawing.PURPOSE):
        raise FileMissing
    return found


def demand(ws: Workspace, file_ids: Iterable[str]) -> None:
    """Raises FileMissing unless all of them are files of content."""
    for file_id in sorted(set(file_ids)):
        get(ws, file_id)


def _type_of(name: str, content: bytes) -> str | None:
    picture = next((kind for start, kind in _PICTURES.items() if content.startswith(start)), None)
    if picture is not None:
        return picture if len(content) <= IMAGE_BYTES_MAX and _opens(content) else None
    if content[4:8] == b"ftyp":
        return "video/mp4" if len(content) <= VIDEO_BYTES_MAX else None
    if len(content) > FILE_BYTES_MAX:
        return None
    document = next((kind for start, kind in _DOCUMENTS.items() if content.startswith(start)), None)
    return _OFFICE.get(name.rpartition(".")[2].lower(), document) if document == "application/zip" else document


def _opens(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.width * picture.height <= _POINTS_MAX
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return False
