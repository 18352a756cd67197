"""All addresses of tags, in one router."""

import fastapi

from wellspring.kernel.web import PROBLEMS
from wellspring.tags.http import definitions, holding, members

router = fastapi.APIRouter(tags=["tags"], responses=PROBLEMS)
router.include_router(definitions.router)
router.include_router(holding.router)
router.include_router(members.router)
