"""The addresses of engagement."""

import fastapi

from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["engagement"], responses=PROBLEMS)
