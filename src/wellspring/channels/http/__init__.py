"""All addresses of channels, in one router."""

import fastapi

from wellspring.channels.http import accounts, callbacks, contacts, diagnosis, entrances, groups, leaving, mini, receipts, tags, transfers
from wellspring.kernel.web import PROBLEMS

MIDDLEWARE: list[type] = [callbacks.DirectCallbacks]

router = fastapi.APIRouter(responses=PROBLEMS)
router.include_router(callbacks.router)
router.include_router(accounts.router)
router.include_router(contacts.router)
router.include_router(entrances.router)
router.include_router(groups.router)
router.include_router(tags.router)
router.include_router(transfers.router)
router.include_router(diagnosis.router)
router.include_router(mini.router)
router.include_router(receipts.router)
router.include_router(leaving.router)
