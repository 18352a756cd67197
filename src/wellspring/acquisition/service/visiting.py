"""The page behind a store code: the nearest stores with their pictures, or the stores of a city."""

import dataclasses
from collections.abc import Sequence

from wellspring.acquisition.contracts.codes import Code, CodeKind, CodeState, Way, WayState
from wellspring.acquisition.errors.codes import PictureMissing, PlaceUnknown
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.rules import naming
from wellspring.acquisition.service import clockwork
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import CoordinateSystem, Place
from wellspring.organization.errors import UnitUnknown

# What a phone shows without much scrolling.
_NEAREST = 5
_SEARCHED = 50
_IN_CITY_MAX = 60


@dataclasses.dataclass(frozen=True)
class Stop:
    """A store as the page shows it; without a distance where nobody told a place."""

    way_id: str
    name: str
    address: str
    phone: str
    is_open: bool
    has_picture: bool
    distance_metres: int | None = None


@dataclasses.dataclass(frozen=True)
class Visit:
    """What the page shows: the stores nearest to a place or of a city, and the cities to choose from."""

    brand: str
    title: str
    cities: Sequence[str]
    city: str
    stops: Sequence[Stop]
    is_located: bool


def visit(ws: Workspace, *, token: str, place: tuple[float, float] | None = None, city: str = "") -> Visit:
    """The page of a store code. Raises PlaceUnknown."""
    code = _code(ws, token)
    ways = {way.unit_id: way for way in code.ways if way.unit_id and way.standing is not WayState.GONE}
    by_city = _cities(ws, list(ways))
    stops: list[Stop] = []
    if place is not None:
        stops = _near(ws, Place(*place, CoordinateSystem.WGS84), ways)
    elif city in by_city:
        stops = [stop for unit_id in by_city[city][:_IN_CITY_MAX] if (stop := _stop(ws, ways[unit_id])) is not None]
    with ws.sql.write() as tx:
        kind = {"located": 1} if place is not None else {"picked": 1} if city else {"opened": 1}
        repo.scanned(tx, code.id, clockwork.today(ws), **kind)
    brand = ws.settings.get(WorkspaceSettings).name
    return Visit(brand, code.draft.name, sorted(by_city), city, stops, place is not None)


def way_picture(ws: Workspace, *, token: str, way_id: str) -> tuple[str, str]:
    """File and type of a store's picture. Raises PlaceUnknown, PictureMissing."""
    code = _code(ws, token)
    way = next((one for one in code.ways if one.id == way_id), None)
    if way is None or not way.picture_id:
        raise PictureMissing
    return way.picture_id, ws.files.get(way.picture_id).media_type


def _code(ws: Workspace, token: str) -> Code:
    with ws.sql.read() as tx:
        code = repo.by_token(tx, token)
    if code is None or code.draft.kind is not CodeKind.STORE or code.state is not CodeState.ACTIVE:
        raise PlaceUnknown
    return code


def _near(ws: Workspace, place: Place, ways: dict[str, Way]) -> list[Stop]:
    found: list[Stop] = []
    for near in organization.nearest_stores(ws, place, by=SYSTEM, limit=_SEARCHED):
        way = ways.get(near.unit.id)
        if way is not None and len(found) < _NEAREST and (stop := _stop(ws, way, near.distance_metres)) is not None:
            found.append(stop)
    return found


def _stop(ws: Workspace, way: Way, distance_metres: int | None = None) -> Stop | None:
    try:
        unit = organization.get_unit(ws, way.unit_id or "", by=SYSTEM)
        state = organization.open_state(ws, way.unit_id or "", by=SYSTEM)
    except UnitUnknown:
        return None
    return Stop(way.id, unit.name, unit.address or "", unit.phone or "", state.is_open, bool(way.picture_id), distance_metres)


def _cities(ws: Workspace, unit_ids: Sequence[str]) -> dict[str, list[str]]:
    """City → its stores; a store whose address names none belongs to its region."""
    found: dict[str, list[str]] = {}
    for unit_id in unit_ids:
        try:
            unit = organization.get_unit(ws, unit_id, by=SYSTEM)
        except UnitUnknown:
            continue
        above = organization.ancestors(ws, unit_id)
        region = above[-2].name if len(above) > 1 else unit.name
        found.setdefault(naming.city_of(unit.address, region), []).append(unit_id)
    return found
