"""The tables of acquisition; one module per part."""

from wellspring.acquisition.models import cards, codes, item_codes

__all__ = ["cards", "codes", "item_codes"]
