"""Journeys for the access matrix: the brand's own, whichever store asks."""

from fastapi.testclient import TestClient

from tests.support.journeys import EXIT, line, on, wait
from wellspring.engagement.api import journeys
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import Unit


def _journey(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    return journeys.create(ws, by=SYSTEM, name=f"旅程 {unit.code}", draft=line(on("Cart"), wait("1d"), EXIT)).id


MAKERS = {"journey_id": _journey}
BRAND_WIDE = {"journey_id": "journeys are the brand's own; who is where is told within the caller's scope"}
NO_THING = {"node": "a name within a journey; journey_id tells the journey"}
