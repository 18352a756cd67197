"""Setting up the brand's organisation: units from the top down, then the staff of each store.

What is already there by its code is left as it is, so that a load that broke off can be started again.
"""

from urllib.parse import quote

from wecom_simulator.town.actions import Body, Json
from wecom_simulator.town.client import Connection
from wecom_simulator.town.geography import STORE_HOURS, Geography, Unit


def set_up(connection: Connection, geography: Geography) -> None:
    """Create every unit and every guide that is not there yet."""
    ids = _known(connection, "/api/org/units")
    for unit in geography.units:
        if unit.code not in ids:
            parent = ids[unit.parent] if unit.parent is not None else None
            ids[unit.code] = _id(connection.call("POST", "/api/org/units", _unit(unit, parent)))
    present = _known(connection, "/api/org/staff")
    for guide in geography.guides:
        if guide.code not in present:
            store = ids[geography.stores[guide.store].code]
            body: Body = {"code": guide.code, "name": guide.name, "unit_id": store, "title": guide.title}
            connection.call("POST", "/api/org/staff", body)


def _unit(unit: Unit, parent: str | None) -> Body:
    body: Body = {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent_id": parent}
    if unit.kind == "store":
        hours: Json = {day: [[*span] for span in spans] for day, spans in STORE_HOURS.items()}
        place: Body = {"longitude": unit.longitude, "latitude": unit.latitude, "coordinates": "wgs84"}
        body.update(address=unit.address, opening_hours=hours, **place)
    return body


def _known(connection: Connection, path: str) -> dict[str, str]:
    """Read every row of a list and give its ids by code."""
    found: dict[str, str] = {}
    cursor: str | None = ""
    while cursor is not None:
        answer = connection.call("GET", f"{path}?limit=200" + (f"&cursor={quote(cursor)}" if cursor else ""))
        rows, following = (answer.get("rows"), answer.get("next_cursor")) if isinstance(answer, dict) else (None, None)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                found[str(row["code"])] = str(row["id"])
        cursor = following if isinstance(following, str) else None
    return found


def _id(answer: Json) -> str:
    if not isinstance(answer, dict):
        raise TypeError(f"a created unit has an id, not {answer!r}")
    return str(answer["id"])
