"""The addresses of acquisition."""

import fastapi

from wellspring.acquisition.http import alarms, cards, codes, item_codes, landing, packages_page, places, welcomes
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["acquisition"], responses=PROBLEMS)
for _part in (codes, welcomes, alarms, places, cards, item_codes, landing, packages_page):
    router.include_router(_part.router)
