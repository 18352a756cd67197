"""Everything that answers under this server: importing this module registers all endpoints, actions and timers.

A host of its own (Official Account, Pay) adds its `Api` to `APIS`; what is no `Api` adds an ASGI application to `MOUNTS`.
"""

from starlette.types import ASGIApp

from wecom_simulator import actions as contact_actions
from wecom_simulator import endpoints
from wecom_simulator.external import endpoints as contact_endpoints
from wecom_simulator.mini import actions as mini_actions
from wecom_simulator.mini import endpoints as mini_endpoints
from wecom_simulator.official import actions, followers, messages, oauth, scenes, tokens
from wecom_simulator.official.host import OFFICIAL
from wecom_simulator.pay import actions as pay_actions
from wecom_simulator.pay.host import PREFIX, PayHost
from wecom_simulator.town import living_doings, living_pages, living_partners, visitors
from wecom_simulator.transport import Api
from wecom_simulator.wecom import WECOM
from wecom_simulator.world import World

# Imported for what they register.
REGISTERING = (
    contact_actions,
    contact_endpoints,
    endpoints,
    living_doings,
    living_pages,
    living_partners,
    actions,
    followers,
    messages,
    mini_actions,
    mini_endpoints,
    oauth,
    pay_actions,
    scenes,
    tokens,
    visitors,
)

APIS: tuple[Api, ...] = (WECOM, OFFICIAL)


def mounts(world: World) -> dict[str, ASGIApp]:
    """Applications by prefix."""
    return {PREFIX: PayHost(world)}
