"""The product's own server with one more route: the bare primary-key read that the screens are measured against.

`python -m bench.served HOME PORT` prints an API key and serves. The route stands in the same application, behind the
same middleware and the same authentication, and does nothing but read one row by its key.
"""

import contextlib
import secrets
import sys
from pathlib import Path
from typing import Annotated

import fastapi
import sqlalchemy as sa
import uvicorn

from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.app import server
from wellspring.kernel.auth import SYSTEM, known_permissions
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.web import Call, Out, allow
from wellspring.people.contracts import Permission
from wellspring.people.models import member_table

router = fastapi.APIRouter()


class BareOut(Out):
    """A member's row as it is stored."""

    member_no: int
    id: str
    state: str
    source: str
    identified: bool
    home_unit_id: str | None


@router.get("/bench/members/{member_no}")
def read_bare(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_no: int) -> BareOut:
    """One row by its primary key."""
    with call.ws.sql.read() as tx:
        row = tx.execute(sa.select(member_table).where(member_table.c.member_no == member_no)).one()
    return BareOut.model_validate(row)


def main(home: Path, port: int) -> None:
    """Serves until the process is told to stop."""
    installation = server.open_installation(ProcessSettings(home=home))
    ws = server.prepared(installation, server.DEFAULT_WORKSPACE)
    made = access.make_key(ws, by=SYSTEM, name=f"bench {secrets.token_hex(4)}", kind=KeyKind.API, permissions=list(known_permissions()))
    print(f"key {made.secret}", flush=True)
    with contextlib.ExitStack() as stack:
        app = stack.enter_context(server.running_app(installation))
        # In front of the console's pages, which answer every address that nobody else knows.
        app.include_router(router)
        app.router.routes.insert(0, app.router.routes.pop())
        config = uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools")
        uvicorn.Server(config).run()
    installation.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
