"""Where vendors post what became of messages: reports and replies of text messages, mails that came back.

Vendors of text messages sign nothing, so the address itself carries a secret; it is shown to administrators only.
"""

from typing import Annotated, Literal

import fastapi
from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from wellspring.channels.api import sends
from wellspring.channels.http.callbacks import workspace_of
from wellspring.channels.http.shapes import Id
from wellspring.channels.rules.mails import BYTES_MAX
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.web import Out, installation_of, public
from wellspring.kernel.workspace import Installation

router = fastapi.APIRouter(tags=["callbacks"])
_REASON = "vendors have no account here; the address carries a secret of 128 bits that is checked before anything else"
_Token = Annotated[str, fastapi.Path(max_length=64)]
_What = Literal["report", "reply", "mail"]


class ReceiptsTakenOut(Out):
    """What every vendor takes for "kept": Aliyun reads `code`, Tencent Cloud reads `result`."""

    code: int = 0
    msg: str = "OK"
    result: int = 0
    errmsg: str = "OK"
    taken: int


@router.post("/receipts/{account_id}/{token}/{what}", dependencies=[public(_REASON)])
async def receive_receipts(request: Request, account_id: Id, token: _Token, what: _What) -> ReceiptsTakenOut:
    """Takes what became of messages, and what people wrote back; each counts once."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > BYTES_MAX:
            raise TooLarge(limit=BYTES_MAX)
        pieces.append(piece)
    return await run_in_threadpool(_taken, installation_of(request), account_id, token, what, b"".join(pieces))


def _taken(installation: Installation, account_id: str, token: str, what: str, body: bytes) -> ReceiptsTakenOut:
    ws = workspace_of(installation, account_id)
    return ReceiptsTakenOut(taken=sends.take_receipts(ws, account_id=account_id, token=token, what=what, body=body))
