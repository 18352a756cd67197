"""All addresses of audiences, in one router; what is fixed stands before what names an audience."""

import fastapi

from wellspring.audiences.http import belonging, definitions, explaining, exporting, language, members, pushing
from wellspring.kernel.web import PROBLEMS

router = fastapi.APIRouter(tags=["audiences"], responses=PROBLEMS)
for _part in (language, exporting, definitions, members, explaining, belonging, pushing):
    router.include_router(_part.router)
