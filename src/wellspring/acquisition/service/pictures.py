"""Images of welcomes: what is really a picture, of a size that the platform takes (page 90253), and nothing else."""

from wellspring.acquisition.errors.codes import PictureMissing, PictureUnusable
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import NotFound
from wellspring.kernel.workspace import Workspace

PURPOSE = "acquisition.welcome"
BYTES_MAX = 10 * 1024 * 1024
# The platform refuses files under 6 bytes, and takes JPEG and PNG alone; the first bytes tell, not the name.
_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def add(ws: Workspace, *, by: Principal, name: str, content: bytes) -> str:
    """Keeps an image. Raises PictureUnusable."""
    found = next((kind for start, kind in _TYPES.items() if content.startswith(start)), None)
    if found is None or len(content) > BYTES_MAX:
        raise PictureUnusable
    stored = ws.files.put([content], name=name, media_type=found, purpose=PURPOSE)
    with ws.sql.write() as tx:
        audit.append(ws.sql, tx, by=by, action="acquisition.picture.add", subject=stored.id, at=ws.clock.now())
    return stored.id


def media_type(ws: Workspace, file_id: str) -> str:
    """The type of a kept image. Raises PictureMissing."""
    try:
        found = ws.files.get(file_id)
    except NotFound as unknown:
        raise PictureMissing from unknown
    if found.purpose != PURPOSE:
        raise PictureMissing
    return found.media_type
