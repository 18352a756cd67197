"""Telling consents: each names its member by an identity that the brand knows."""

from collections.abc import Sequence

from wecom_simulator.town.actions import Body, Json
from wecom_simulator.town.client import Connection

CONSENTS_MAX = 500


def tell(connection: Connection, consents: Sequence[Body]) -> None:
    """Tell consents in their order, in batches."""
    for first in range(0, len(consents), CONSENTS_MAX):
        batch: list[Json] = [*consents[first : first + CONSENTS_MAX]]
        connection.call("POST", "/api/consents/batch", {"consents": batch})
