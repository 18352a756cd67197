"""`wellspring check`: what must hold at every instant, asked of a live workspace.

Each finding names the rule and says whether it holds; nothing is repaired here.
"""

import dataclasses

from wellspring.acquisition.api import item_codes
from wellspring.activity import api as activity
from wellspring.engagement.api import touches
from wellspring.kernel import audit
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags


@dataclasses.dataclass(frozen=True)
class Finding:
    """A rule and whether it holds here."""

    code: str
    holds: bool
    zh: str
    en: str


def findings(workspace: Workspace) -> list[Finding]:
    """Every rule that this version can check."""
    verdict = audit.verify(workspace.sql)
    return [
        Finding(
            "audit.chain",
            verdict.is_whole,
            f"操作日志链完整，共 {verdict.checked} 条",
            f"the audit chain is whole, {verdict.checked} entries",
        ),
        *(
            Finding(*found)
            for check in (people.check, activity.check, tags.check, item_codes.check, touches.check)
            for found in check(workspace)
        ),
    ]
