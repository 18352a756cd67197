"""The addresses of engagement."""

import fastapi

from wellspring.engagement.http import proof
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["engagement"], responses=PROBLEMS)
for _part in (proof,):
    router.include_router(_part.router)
