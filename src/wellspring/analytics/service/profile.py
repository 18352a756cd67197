"""What analytics knows of one member, for their page."""

import dataclasses

from wellspring.analytics.service import derived
from wellspring.kernel import traits
from wellspring.kernel.auth import Principal
from wellspring.kernel.traits import Choice, Trait, TraitValue
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_SHOWN = (
    "rfm.segment",
    "rfm.cell",
    "lifecycle.stage",
    "lifecycle.cycle_days",
    "lifecycle.next_expected_at",
    "repurchase.due_categories",
    "repurchase.next_at",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A trait, the member's value, and the words of a value that is one of few."""

    trait: Trait
    value: TraitValue
    choice: Choice | None


def of_member(ws: Workspace, *, by: Principal, member_id: str) -> list[Known]:
    """The values in the order in which they are shown. Raises MemberUnknown."""
    number = people.member_no(ws, by=by, member_id=member_id)
    found = [trait for name in _SHOWN if (trait := traits.find(name)) is not None]
    # Before a first day was derived each value would be a question about everybody.
    if derived.newest(ws, derived.LIFECYCLE) is None:
        return [Known(trait, None, None) for trait in found]
    return [_known(ws, trait, trait.of_member(ws, number, None)) for trait in found]


def _known(ws: Workspace, trait: Trait, value: TraitValue) -> Known:
    choices = [] if trait.choices is None else trait.choices(ws)
    return Known(trait, value, next((choice for choice in choices if choice.value == value), None))
