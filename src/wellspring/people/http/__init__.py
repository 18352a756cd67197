"""All addresses of people, in one router."""

import fastapi

from wellspring.people.http import batches, members, merges

router = fastapi.APIRouter()
router.include_router(members.router)
router.include_router(merges.router)
router.include_router(batches.router)
