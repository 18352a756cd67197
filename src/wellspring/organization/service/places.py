"""Where stores are and whether they are open."""

from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.contracts import Near, OpenState, Place, UnitKind
from wellspring.organization.errors import FieldRefused
from wellspring.organization.rules import geography, hours
from wellspring.organization.service import picture, units
from wellspring.organization.service.today import today, zone

NEAREST_MAX = 50


def open_state(ws: Workspace, unit_id: str, *, by: Principal) -> OpenState:
    unit = units.get(ws, unit_id, by=by)
    return hours.state(unit.opening_hours, unit.special_days, unit.closed_on, at=ws.clock.now(), zone=zone(ws))


def nearest(ws: Workspace, place: Place, *, by: Principal, limit: int, is_open: bool | None) -> list[Near]:
    problem = geography.problem_of(place.longitude, place.latitude)
    if problem is not None:
        raise FieldRefused(field="longitude", reason_zh=problem[0], reason_en=problem[1])
    day, here = today(ws), geography.as_gcj02(place)
    stores = [
        (geography.distance_metres(here, node.place), node)
        for node in picture.tree(ws, day).nodes.values()
        if node.kind is UnitKind.STORE and node.place and by.scope.covers(node.id) and (node.closed_on is None or node.closed_on > day)
    ]
    stores.sort(key=lambda pair: (pair[0], pair[1].code))
    # Hours are asked for in steps: usually the first handful answers the question.
    found: list[Near] = []
    for start in range(0, len(stores), NEAREST_MAX):
        step = stores[start : start + NEAREST_MAX]
        with ws.sql.read() as tx:
            opening = repo.opening(tx, [node.id for _, node in step])
        states = {unit_id: hours.state(*kept, at=ws.clock.now(), zone=zone(ws)).is_open for unit_id, kept in opening.items()}
        found += [
            Near(node, round(metres), states.get(node.id, False))
            for metres, node in step
            if is_open is None or states.get(node.id, False) is is_open
        ]
        if len(found) >= limit:
            break
    return found[:limit]
