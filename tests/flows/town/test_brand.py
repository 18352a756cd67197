"""The demo brand has a name of its own, and does not take one away."""

from wellspring.app import demo
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace


def test_an_unnamed_workspace_takes_the_name_of_the_demo_brand(workspace: Workspace) -> None:
    demo.name_brand(workspace)
    named = workspace.settings.get(WorkspaceSettings)
    assert (named.name, named.is_demo) == ("禾芽", True)


def test_a_name_that_somebody_gave_stays(workspace: Workspace) -> None:
    workspace.settings.put(WorkspaceSettings(name="山泉"))
    demo.name_brand(workspace)
    assert workspace.settings.get(WorkspaceSettings).name == "山泉"
