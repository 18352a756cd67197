"""All addresses of people, in one router."""

import fastapi

from wellspring.people.http import members, merges

router = fastapi.APIRouter()
router.include_router(members.router)
router.include_router(merges.router)
