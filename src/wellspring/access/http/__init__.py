"""The addresses of access: sessions and one's own account, users and roles, keys, the audit log.

Every list is within the caller's data scope. The session cookie is written and removed in `session` and nowhere else.
"""

import fastapi

from wellspring.access.http import audit_log, keys, session, users

router = fastapi.APIRouter(tags=["access"])
for _part in (session, users, keys, audit_log):
    router.include_router(_part.router)
