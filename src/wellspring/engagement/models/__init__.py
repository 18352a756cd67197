"""The tables of engagement; one module per part."""

from wellspring.engagement.models import campaigns, journeys, proof, touches

__all__ = ["campaigns", "journeys", "proof", "touches"]
