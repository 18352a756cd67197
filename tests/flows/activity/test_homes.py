"""A store that a sender names by its code becomes the member's home."""

from tests.support.activity import identify, ingest, number_of
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people


def _home(ws: Workspace) -> str | None:
    number = number_of(ws, "user_id", "u1")
    return people.members_of(ws, by=SYSTEM, member_nos=[number])[number].home_unit_id


def test_a_known_code_is_the_home_and_an_unknown_one_a_trait_like_any_other(workspace: Workspace) -> None:
    store = organization.create_unit(workspace, by=SYSTEM, draft=UnitDraft(code="SH001", name="门店", kind=UnitKind.STORE)).id
    ingest(workspace, identify(traits={"home_store": "nowhere"}))
    assert _home(workspace) is None
    ingest(workspace, identify(traits={"home_store": "SH001"}))
    assert _home(workspace) == store
