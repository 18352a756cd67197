"""What texts may say of members, staff's places and the brand: loaded for a batch, and only what the texts name."""

import zoneinfo
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.content.contracts import Variable
from wellspring.content.facts import buying
from wellspring.content.rules import variables
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_ORDERS = {"member.orders", "member.revenue", "member.first_order_on", "member.last_order_on"}
# Kinds of values that a person typed in or that are personal; they are no variables.
_UNREADABLE = {"sealed", "null", "list"}
# More names than this nobody finds in a list; they are drawn up by how often they were seen.
_ATTRIBUTES_MAX = 300


def attributes(ws: Workspace) -> list[Variable]:
    """The attributes of members that a text may name: those that are not personal."""
    found = []
    for entry in people.attribute_catalogue(ws)[:_ATTRIBUTES_MAX]:
        kinds = [kind for kind in entry.kinds if kind not in _UNREADABLE]
        if kinds and not entry.name.startswith("$") and "sealed" not in entry.kinds:
            found.append(variables.attribute(entry.name, max(kinds, key=lambda kind: entry.kinds[kind])))
    return found


def attribute_names(ws: Workspace) -> list[str]:
    """Their names."""
    return [one.path.split(".", 2)[2] for one in attributes(ws)]


def catalogue(ws: Workspace) -> list[Variable]:
    """Every variable that a text may name."""
    return [*variables.BUILTIN, *attributes(ws)]


def brand(ws: Workspace) -> dict[str, dict[str, Any]]:
    """What is known without knowing a member."""
    settings = ws.settings.get(WorkspaceSettings)
    today = variables.day(ws.clock.now(), zoneinfo.ZoneInfo(settings.time_zone))
    return {"brand": {"name": settings.name}, "today": {"date": today}}


def of_members(ws: Workspace, member_nos: Sequence[int], paths: Collection[str], *, shows_names: bool = True) -> dict[int, dict[str, Any]]:
    """Per member what the texts name of them; what is not known is left out. Without `shows_names` a name is its mask."""
    found: dict[int, dict[str, Any]] = {number: {} for number in member_nos}
    if "member.name" in paths:
        for number, name in _names(ws, member_nos, shows_names=shows_names).items():
            found[number]["name"] = name
    if _ORDERS & set(paths):
        _orders(ws, found)
    if "member.last_product" in paths:
        for number, product in buying.last_products(ws, member_nos).items():
            if number in found:
                found[number]["last_product"] = product
    start = f"member.{variables.ATTRIBUTES}."
    for path in paths:
        if path.startswith(start):
            name = path.removeprefix(start)
            for number, value in people.attributes_in_force(ws, member_nos=member_nos, name=name).items():
                found[number].setdefault(variables.ATTRIBUTES, {})[name] = value
    return found


def _names(ws: Workspace, member_nos: Sequence[int], *, shows_names: bool) -> Mapping[int, str]:
    if shows_names:
        return {number: plain.name for number, plain in people.plain_values(ws, member_nos=member_nos).items() if plain.name}
    members = people.members_of(ws, by=SYSTEM, member_nos=member_nos)
    return {number: member.name_masked for number, member in members.items() if member.name_masked}


def _orders(ws: Workspace, found: dict[int, dict[str, Any]]) -> None:
    settings = ws.settings.get(WorkspaceSettings)
    zone = zoneinfo.ZoneInfo(settings.time_zone)
    known = activity.order_facts(ws, member_nos=list(found))
    for number, values in found.items():
        facts = known.get(number)
        values |= {"orders": facts.paid_orders if facts else 0}
        values["revenue"] = variables.money(facts.revenue_minor if facts else 0, settings.currency)
        if facts and facts.first_order_at and facts.last_order_at:
            values |= {
                "first_order_on": variables.day(facts.first_order_at, zone),
                "last_order_on": variables.day(facts.last_order_at, zone),
            }
