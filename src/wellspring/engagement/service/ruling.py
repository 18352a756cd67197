"""The rules of touching: written, changed under an optimistic lock, and read by the planner."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from wellspring.audiences import api as audiences
from wellspring.engagement.contracts.rules import RULES_MAX, CapRule, Rule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.errors.touches import RuleChanged, RuleRefused, RuleUnknown
from wellspring.engagement.repo import rules as repo
from wellspring.engagement.rules import policies
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def listing(tx: Tx) -> list[Rule]:
    """Every rule."""
    return [_rule(row) for row in repo.listing(tx)]


def add(ws: Workspace, *, by: Principal, draft: RuleDraft) -> Rule:
    """Adds a rule; what is planned already is asked again at its release. Raises RuleRefused."""
    _check(ws, draft)
    now, rule_id = ws.clock.now(), new_id("rul")
    with ws.sql.write() as tx:
        if len(repo.listing(tx)) >= RULES_MAX:
            raise RuleRefused(field="rules", reason=f"<= {RULES_MAX}")
        repo.insert(tx, {"id": rule_id, **_values(draft), "version": 1, "changed_at": now, "changed_by": by.id})
        audit.append(ws.sql, tx, by=by, action="engagement.rule.add", subject=rule_id, at=now, detail={"kind": draft.kind.value})
        return _found(tx, rule_id)


def change(ws: Workspace, *, by: Principal, rule_id: str, version: int, draft: RuleDraft) -> Rule:
    """Changes a rule. Raises RuleUnknown, RuleChanged, RuleRefused.

    Lowering a cap takes nothing back, and raising it sends to nobody who was skipped (F10).
    """
    now = ws.clock.now()
    with ws.sql.write() as tx:
        _found(tx, rule_id)
        _check(ws, draft)
        if not repo.change(tx, rule_id, version=version, at=now, by=by.id, values=_values(draft)):
            raise RuleChanged
        audit.append(ws.sql, tx, by=by, action="engagement.rule.change", subject=rule_id, at=now, detail={"kind": draft.kind.value})
        return _found(tx, rule_id)


def remove(ws: Workspace, *, by: Principal, rule_id: str) -> None:
    """Deletes a rule. Raises RuleUnknown."""
    with ws.sql.write() as tx:
        if not repo.remove(tx, rule_id):
            raise RuleUnknown
        audit.append(ws.sql, tx, by=by, action="engagement.rule.remove", subject=rule_id, at=ws.clock.now())


def _check(ws: Workspace, draft: RuleDraft) -> None:
    problem = policies.problem_of(draft)
    if problem is None and not draft.name.strip():
        problem = ("name", "missing")
    if problem is None and draft.kind is RuleKind.NEVER and audiences.find(ws, audience_id=draft.audience_id) is None:
        problem = ("audience_id", draft.audience_id)
    if problem is not None:
        raise RuleRefused(field=problem[0], reason=problem[1])


def _found(tx: Tx, rule_id: str) -> Rule:
    row = repo.one(tx, rule_id)
    if row is None:
        raise RuleUnknown
    return _rule(row)


def _values(draft: RuleDraft) -> dict[str, Any]:
    content = {
        "cap": None if draft.cap is None else dataclasses.asdict(draft.cap),
        "spans": [dataclasses.asdict(span) for span in draft.spans],
        "zones": list(draft.zones),
        "audience_id": draft.audience_id,
    }
    return {"kind": draft.kind.value, "name": draft.name.strip(), "content": content, "is_on": draft.is_on}


def _rule(row: Mapping[str, Any]) -> Rule:
    content = row["content"]
    draft = RuleDraft(
        kind=RuleKind(row["kind"]),
        name=row["name"],
        cap=None if content["cap"] is None else CapRule(**content["cap"]),
        spans=tuple(SpanRule(span["start"], span["end"], tuple(span["weekdays"])) for span in content["spans"]),
        zones=tuple(content["zones"]),
        audience_id=content["audience_id"],
        is_on=row["is_on"],
    )
    return Rule(row["id"], draft, row["version"], row["changed_at"], row["changed_by"])
