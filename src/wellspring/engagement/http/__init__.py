"""The addresses of engagement."""

import fastapi

from wellspring.engagement.http import campaigns, journeys, proof, touches
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["engagement"], responses=PROBLEMS)
for _part in (campaigns, journeys, proof, touches):
    router.include_router(_part.router)
