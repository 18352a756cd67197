"""From a written version to one that is sent: submitted, approved or rejected with a reason."""

from wellspring.content import errors
from wellspring.content.contracts import Material, Permission, State, VersionState
from wellspring.content.repo import materials
from wellspring.content.rules import states
from wellspring.content.service import looking, writing
from wellspring.content.settings import ContentSettings
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def submit(ws: Workspace, *, by: Principal, content_id: str, revision: int, note: str = "") -> Material:
    """Puts the newest version before whoever approves; where nobody must, it is approved at once.

    Raises MaterialUnknown, Retired, Edited, WrongState, DraftRefused.
    """
    with ws.sql.write() as tx:
        material, state = _stepped(tx, content_id, "submit")
        found = materials.version(tx, content_id, material.latest)
        if found is None:
            raise errors.VersionUnknown
        writing.demand_sendable(ws, found.draft, material.kind)
        materials.mark_version(tx, content_id, material.latest, state=state.value, note=note[:200], reason="")
        _move(tx, material, revision, latest_state=state.value, updated_at=ws.clock.now())
        writing.note(ws, tx, by=by, action="content.submit", content_id=content_id, version=material.version, name=material.name)
        if not ws.settings.get(ContentSettings).needs_approval:
            _approve(ws, tx, by, material)
    return looking.one(ws, content_id)


def withdraw(ws: Workspace, *, by: Principal, content_id: str, revision: int) -> Material:
    """Takes the newest version back from approval. Raises MaterialUnknown, Retired, Edited, WrongState."""
    with ws.sql.write() as tx:
        material, state = _stepped(tx, content_id, "withdraw")
        materials.mark_version(tx, content_id, material.latest, state=state.value)
        _move(tx, material, revision, latest_state=state.value)
        writing.note(ws, tx, by=by, action="content.withdraw", content_id=content_id, version=material.version, name=material.name)
    return looking.one(ws, content_id)


def decide(ws: Workspace, *, by: Principal, content_id: str, revision: int, approves: bool, reason: str = "") -> Material:
    """Approves the version that waits, which is sent from now on, or rejects it with a reason; an older approved one stays.

    Raises Forbidden, OwnWork, MaterialUnknown, Retired, Edited, WrongState, DraftRefused (no reason).
    """
    by.require(Permission.MATERIAL_APPROVE)
    if not approves and not reason.strip():
        raise errors.DraftRefused(reason_zh="驳回时请写明原因", reason_en="Say why it is rejected")
    with ws.sql.write() as tx:
        material, state = _stepped(tx, content_id, "approve" if approves else "reject")
        if ws.settings.get(ContentSettings).needs_second_person and materials.author_id(tx, content_id, material.latest) == by.id:
            raise errors.OwnWork
        _move(tx, material, revision, latest_state=state.value, updated_at=ws.clock.now())
        if approves:
            _approve(ws, tx, by, material)
        else:
            said = {"reviewer": by.name, "reviewed_at": ws.clock.now(), "reason": reason.strip()[:200]}
            materials.mark_version(tx, content_id, material.latest, state=state.value, **said)
            writing.note(ws, tx, by=by, action="content.reject", content_id=content_id, version=material.version, name=material.name)
    return looking.one(ws, content_id)


def _approve(ws: Workspace, tx: Tx, by: Principal, material: Material) -> None:
    now, approved = ws.clock.now(), VersionState.APPROVED.value
    materials.mark_version(tx, material.id, material.latest, state=approved, reviewer=by.name, reviewed_at=now)
    materials.change(tx, material.id, state=State.APPROVED.value, version=material.latest, latest_state=approved, updated_at=now)
    writing.note(ws, tx, by=by, action="content.approve", content_id=material.id, version=material.latest, name=material.name)


def _stepped(tx: Tx, content_id: str, step: str) -> tuple[Material, VersionState]:
    material = writing.writable(tx, content_id)
    state = states.after(step, material.latest_state)
    if state is None:
        raise errors.WrongState(state=material.latest_state.value)
    return material, state


def _move(tx: Tx, material: Material, revision: int, **values: object) -> None:
    if not materials.change(tx, material.id, revision=revision, **values):
        raise errors.Edited
