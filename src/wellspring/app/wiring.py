"""Which domains there are and what each brings: tables, permissions, traits, routes, subscribers, jobs.

A new domain is added here, and nowhere else.
"""

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from fastapi import APIRouter

from wellspring.kernel import traits, units
from wellspring.kernel.auth import register_permissions
from wellspring.kernel.bus import Subscriber
from wellspring.kernel.stores import LogTable
from wellspring.organization import api as organization

DOMAINS = (
    "access",
    "organization",
    "people",
    "activity",
    "tags",
    "content",
    "channels",
    "audiences",
    "acquisition",
    "engagement",
    "analytics",
    "imports",
    "console",
)


def register() -> None:
    """Makes permissions, tables, traits and jobs known; called once when the program starts."""
    for contracts in _modules("contracts"):
        if hasattr(contracts, "PERMISSION_TEXTS"):
            register_permissions(contracts.PERMISSION_TEXTS)
    list(_modules("models"))
    for published in _modules("traits"):
        traits.register(published.TRAITS)
    units.register(organization.nodes)
    for jobs in _modules("jobs"):
        jobs.register()


def log_tables() -> list[LogTable]:
    """The tables of the analytical store."""
    return [table for models in _modules("models") for table in getattr(models, "LOG_TABLES", [])]


def subscribers() -> list[Subscriber]:
    """Everyone who reads the outbox."""
    return [subscriber for handlers in _modules("handlers") for subscriber in handlers.SUBSCRIBERS]


def routers() -> list[APIRouter]:
    """The routes, the console's last: it answers every address that nobody else knows."""
    return [http.router for http in _modules("http")]


def middleware() -> list[Any]:
    """What domains put before the routes."""
    return [one for http in _modules("http") for one in getattr(http, "MIDDLEWARE", ())]


def _modules(name: str) -> Iterator[ModuleType]:
    for domain in DOMAINS:
        module = f"wellspring.{domain}.{name}"
        if importlib.util.find_spec(module) is not None:
            yield importlib.import_module(module)
