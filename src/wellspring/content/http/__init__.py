"""All addresses of content, in one router; those that members open come without /api."""

import fastapi

from wellspring.content.http import editing, links, materials, personas, radar
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["content"], responses=PROBLEMS)
for one in (materials, editing, personas, radar, links):
    router.include_router(one.router)
