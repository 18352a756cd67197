"""The tables of engagement; one module per part."""

from wellspring.engagement.models import proof

__all__ = ["proof"]
