"""The tables of engagement; one module per part."""

from wellspring.engagement.models import journeys, proof, touches

__all__ = ["journeys", "proof", "touches"]
