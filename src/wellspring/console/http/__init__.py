"""The console's routes: combined screens, workspace, jobs, files, first run, and last the pages themselves.

The pages come last because they answer every address that no route knows.
"""

import fastapi

from wellspring.console.http import files, first_run, jobs, members, pages, workspace

router = fastapi.APIRouter()
for _part in (members.router, workspace.router, jobs.router, files.router, first_run.router, pages.router):
    router.include_router(_part)
