"""The tables of acquisition; one module per part."""

from wellspring.acquisition.models import codes, item_codes

__all__ = ["codes", "item_codes"]
