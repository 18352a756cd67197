"""All addresses of audiences, in one router; what is fixed stands before what names an audience."""

import fastapi

from wellspring.audiences.http import definitions, explaining, language, members
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["audiences"], responses=PROBLEMS)
for _part in (language, definitions, members, explaining):
    router.include_router(_part.router)
