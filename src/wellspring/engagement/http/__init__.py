"""The addresses of engagement."""

import fastapi

from wellspring.engagement.http import journeys, proof
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["engagement"], responses=PROBLEMS)
for _part in (journeys, proof):
    router.include_router(_part.router)
