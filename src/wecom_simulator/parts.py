"""Everything that answers under this server: importing this module registers all endpoints, actions and timers.

A host of its own (Official Account, Pay) adds its `Api` to `APIS`; what is no `Api` adds an ASGI application to `MOUNTS`.
"""

from starlette.types import ASGIApp

from wecom_simulator import endpoints
from wecom_simulator.transport import Api
from wecom_simulator.wecom import WECOM
from wecom_simulator.world import World

# Imported for what they register.
REGISTERING = (endpoints,)

APIS: tuple[Api, ...] = (WECOM,)


def mounts(world: World) -> dict[str, ASGIApp]:
    """Applications by prefix."""
    return {}
