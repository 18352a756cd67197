"""The templates of acquisition's pages for customers, and who is looking at one."""

from pathlib import Path

import fastapi
import jinja2

from wellspring.kernel import visiting
from wellspring.kernel.visiting import Visitor
from wellspring.kernel.workspace import Workspace

PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def visitor_of(request: fastapi.Request, ws: Workspace) -> Visitor:
    """Finds out who is looking."""
    return visiting.visitor_of(request, ws, "acquisition")
