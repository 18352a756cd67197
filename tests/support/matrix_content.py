"""What content's paths name, for the access matrix."""

from typing import Any

from fastapi.testclient import TestClient

from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import Unit


def _made(system: TestClient, path: str, body: Any) -> str:
    answer = system.post(f"/api/content/{path}", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _material(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    return _made(system, "materials", {"kind": "text", "name": f"问候{unit.code}", "draft": {"body": {"text": "你好"}}})


def _folder(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    return _made(system, "folders", {"shelf": "library", "name": f"分组{unit.code}"})


def _persona(_ws: Workspace, unit: Unit, system: TestClient) -> str:
    return _made(system, "personas", {"kind": "brand", "name": f"人设{unit.code}"})


MAKERS = {"content_id": _material, "folder_id": _folder, "persona_id": _persona}
BRAND_WIDE = {
    "content_id": "materials are the brand's own; who opened one is told within the caller's scope",
    "folder_id": "folders are the brand's own",
    "persona_id": "personas are the brand's own",
}
