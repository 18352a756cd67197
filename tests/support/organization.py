"""Units, staff and principals for tests of organization."""

import datetime as dt

from wellspring.kernel.auth import SYSTEM, ActorKind, Principal, Scope
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import Permission, Staff, StaffDraft, Unit, UnitDraft, UnitKind

TODAY = dt.date(2026, 3, 18)


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def unit(ws: Workspace, code: str, kind: UnitKind = UnitKind.STORE, under: Unit | None = None, **rest: object) -> Unit:
    draft = UnitDraft(code=code, name=f"{code} 号", kind=kind, **rest)  # type: ignore[arg-type]
    return organization.create_unit(ws, by=SYSTEM, draft=draft, parent_id=under.id if under else None)


def chain(ws: Workspace) -> dict[str, Unit]:
    """hq → north → dealer → s1, north → s2, south → s3."""
    hq = unit(ws, "hq", UnitKind.HEADQUARTERS)
    north, south = unit(ws, "north", UnitKind.REGION, hq), unit(ws, "south", UnitKind.REGION, hq)
    dealer = unit(ws, "dealer", UnitKind.DEALER, north)
    made = [hq, north, south, dealer, unit(ws, "s1", under=dealer), unit(ws, "s2", under=north), unit(ws, "s3", under=south)]
    return {each.code: each for each in made}


def member(ws: Workspace, code: str, under: Unit, phone: str | None = None) -> Staff:
    return organization.add_staff(ws, by=SYSTEM, draft=StaffDraft(code=code, name=f"员工{code}", phone=phone), unit_id=under.id)


def within(ws: Workspace, *units: Unit) -> Principal:
    """Somebody who may do everything here, within these units and what is below them."""
    scope = Scope(organization.subtree_ids(ws, [each.id for each in units]))
    return Principal(id="usr_within", kind=ActorKind.USER, name="Within", permissions=frozenset(Permission), scope=scope)
