"""Downloads: exports, rejected rows, backups. Streamed, decrypted on the way, never cached, never shown inline.

Each opening is audited; what opens which file is told in contracts.
"""

from typing import Annotated
from urllib.parse import quote

import fastapi
from fastapi.responses import StreamingResponse

from wellspring.console import service
from wellspring.kernel.web import Call, signed_in

router = fastapi.APIRouter(prefix="/api/files", tags=["console"])


@router.get("/{file_id}", response_class=StreamingResponse, responses={200: {"content": {"application/octet-stream": {}}}})
def download_file(call: Annotated[Call, signed_in()], file_id: str) -> StreamingResponse:
    """The file's content, for whoever holds the permission of its purpose."""
    found = service.open_file(call.ws, by=call.by, file_id=file_id)
    headers = {
        "content-disposition": disposition(found.name),
        "content-length": str(found.size_bytes),
        "cache-control": "no-store",
        # Whatever the file claims to be, a browser must not run it in this origin.
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(call.ws.files.read(file_id), media_type=found.media_type, headers=headers)


def disposition(name: str) -> str:
    """A Content-Disposition that keeps a Chinese file name and cannot be broken out of (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
