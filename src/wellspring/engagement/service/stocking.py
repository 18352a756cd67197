"""A template opened for use: its materials are written and approved in the brand's persona, and its accounts are those connected.

What was written for an earlier journey of the same template is used again; everything may be changed in the library.
"""

from typing import Any

from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountKind, AccountState
from wellspring.content import api as content
from wellspring.content.contracts import Body, Draft, MaterialKind, PersonaKind, Sheet, Shelf, State, Wish
from wellspring.engagement.rules.journeys import templates, wordings
from wellspring.engagement.rules.journeys.nodes import SENDING
from wellspring.kernel.auth import SYSTEM, ActorKind, Principal
from wellspring.kernel.workspace import Workspace

# Who writes and who approves are two, so that a brand's rule of four eyes holds for templates too: they were read when they were made.
_AUTHOR = Principal(id="templates", kind=ActorKind.SYSTEM, name="旅程模板")


def stocked(ws: Workspace, *, template_id: str, audience_id: str) -> dict[str, Any]:
    """The template's graph with everything that it needs to run but an audience nobody named. Raises TemplateUnknown."""
    graph = templates.graph_of(template_id)
    title = next(one.zh for one in templates.TEMPLATES if one.id == template_id)
    if graph["entry"]["trigger"]["kind"] == "audience":
        graph["entry"]["trigger"]["audience"] = audience_id
    accounts = [one for one in channels.accounts(ws, AccountKind.WECOM) if one.state is AccountState.ACTIVE]
    persona = next((one.id for one in content.personas(ws) if one.is_active and one.kind is PersonaKind.BRAND), None)
    for node in graph["nodes"].values():
        if node["kind"] in set(SENDING):
            node["content_id"] = _material(ws, f"{title} · {node['name']}", wordings.TEXTS.get(node["name"], node["name"]), persona)
            node["account_id"] = accounts[0].id if accounts else ""
    return graph


def _material(ws: Workspace, name: str, text: str, persona_id: str | None) -> str:
    wish = Wish(shelf=Shelf.LIBRARY, kind=MaterialKind.TEXT, state=State.APPROVED, q=name)
    found = next((one for one in content.listing(ws, wish=wish, limit=50).rows if one.name == name), None)
    if found is not None:
        return found.id
    sheet = Sheet(shelf=Shelf.LIBRARY, kind=MaterialKind.TEXT, name=name, persona_id=persona_id)
    made = content.add(ws, by=_AUTHOR, sheet=sheet, draft=Draft(Body(text)))
    waiting = content.submit(ws, by=_AUTHOR, content_id=made.id, revision=made.revision)
    if waiting.state is not State.APPROVED:
        content.decide(ws, by=SYSTEM, content_id=made.id, revision=waiting.revision, approves=True)
    return made.id
