"""Experiments for the access matrix: the brand's own, whichever store asks."""

from fastapi.testclient import TestClient

from wellspring.engagement.contracts.proof import Design
from wellspring.engagement.service import exposing
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import Unit


def _experiment(ws: Workspace, unit: Unit, _system: TestClient) -> str:
    made = {"origin_kind": "campaign", "origin_id": f"cam_{unit.code}", "name": "春季群发", "design": Design(1_000)}
    with ws.sql.write() as tx:
        return exposing.declare(ws, tx, **made, by=SYSTEM, at=ws.clock.now()).id  # type: ignore[arg-type]


MAKERS = {"experiment_id": _experiment}
BRAND_WIDE = {"experiment_id": "what campaigns bring is a question about the whole brand; guides and stores are told within the scope"}
