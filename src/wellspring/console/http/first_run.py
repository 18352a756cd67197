"""What an empty workspace offers: load the demo brand, or import a file.

The demo is loaded by a job, because it takes a while and may be left alone.
"""

from typing import Annotated

import fastapi

from wellspring.console import service
from wellspring.console.contracts import Permission
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.web import Call, Out, allow, installation_of, signed_in

router = fastapi.APIRouter(prefix="/api/first-run", tags=["console"])


class FirstRunOut(Out):
    """What the first-run page needs to know."""

    is_empty: bool
    has_demo: bool
    lab: bool


class JobAskedOut(Out):
    """The job that was queued: ask /api/jobs/{job_id} how far it is."""

    job_id: str


@router.get("")
def read_first_run(call: Annotated[Call, signed_in()], request: fastapi.Request) -> FirstRunOut:
    """Whether there is anything here yet."""
    settings = call.ws.settings.get(WorkspaceSettings)
    return FirstRunOut(is_empty=service.is_empty(call.ws), has_demo=settings.is_demo, lab=installation_of(request).boot.lab)


@router.post("/demo", status_code=202)
def load_demo(call: Annotated[Call, allow(Permission.DEMO_WRITE)]) -> JobAskedOut:
    """Loads the demo brand into an empty workspace."""
    return JobAskedOut(job_id=service.ask_demo(call.ws, by=call.by))
