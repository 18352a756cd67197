"""Hands the brand's printed cards and packages to the people of the town, who live in the simulated WeCom.

What is printed is read over the public API: where a card leads, which code of WeCom stands behind its page, the codes of a
batch of packages. The simulator is told addresses only, as paper tells them.
"""

import csv
import io
import zlib
from collections.abc import Callable
from time import monotonic, sleep
from urllib.parse import quote, urlsplit

from wecom_simulator.town.actions import Body, Json
from wecom_simulator.town.client import Address, Connection
from wecom_simulator.town.codes import rows

# The platform makes a code within seconds of its batch.
PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.25
# Nobody in the town buys more of one batch than this.
PACKAGES_MAX = 5_000


def hand_out(connection: Connection, simulator: str, *, patience: float = PATIENCE_SECONDS) -> None:
    """Tell the simulated town of every card and package whose code is there; of what it knows nothing changes."""
    deadline = monotonic() + patience

    def way_of(code_id: Json) -> str:
        return _waited(lambda: _way(connection, str(code_id)), deadline) if code_id else ""

    cards: list[Json] = [
        {"url": _reached(connection, str(row["url"])), "way": way, "count": row["shipped"], "hook": row["hook"]}
        for row in rows(connection, "/api/cards/batches")
        if row["standing"] == "active" and (way := way_of(row["code_id"]))
    ]
    packages: list[Json] = [
        {"urls": _links(connection, str(row["id"]), row["codes"]), "way": way}
        for row in rows(connection, "/api/item-codes/batches")
        if row["state"] == "active" and (way := way_of(row["code_id"]))
    ]
    told: Body = {"cards": cards, "packages": packages}
    with Connection(Address(simulator, "", "")) as town:
        town.call("POST", "/simulator/actions/town_prints", told)


def _waited(look: Callable[[], str], deadline: float) -> str:
    while not (found := look()) and monotonic() < deadline:
        sleep(_PAUSE_SECONDS)
    return found


def _way(connection: Connection, code_id: str) -> str:
    """Give the address of a code's picture at the platform, or nothing while it is being made."""
    code = connection.call("GET", f"/api/acquisition/codes/{quote(code_id)}")
    ways = code["ways"] if isinstance(code, dict) else []
    return next((str(way["url"]) for way in (ways if isinstance(ways, list) else []) if isinstance(way, dict) and way["url"]), "")


def _links(connection: Connection, batch_id: str, count: Json) -> list[Json]:
    last = min(count, PACKAGES_MAX) if isinstance(count, int) else PACKAGES_MAX
    raw = connection.download(f"/api/item-codes/batches/{quote(batch_id)}/list?first=1&last={last}")
    text = zlib.decompress(raw, 31).decode("utf-8-sig")
    return [_reached(connection, row["link"]) for row in csv.DictReader(io.StringIO(text))]


def _reached(connection: Connection, url: str) -> str:
    """Give a printed address as it is reached from here: the brand's own domain leads to its server, and so does this one."""
    return connection.url.rstrip("/") + urlsplit(url).path
