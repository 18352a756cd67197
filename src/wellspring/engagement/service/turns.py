"""Who waits for whom: the planner's turn and the caller's, and the names of what they remember."""

import hashlib

# One planner at a time: checking a cap and counting are one step (F01).
PLANNING = "engagement.planner"
# Taking a call in hand and taking it back exclude each other.
CALLING = "engagement.calls"
PUMP = "engagement.dispatch"
NOTING = "engagement.noting"
SCOPES = "engagement.scope/"


def scope_set(scope: str) -> str:
    """The name of the set of members that a scope has planned or touched."""
    return f"{SCOPES}{hashlib.blake2b(scope.encode(), digest_size=16).hexdigest()}"
