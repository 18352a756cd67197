"""The tables of acquisition; one module per part."""

from wellspring.acquisition.models import codes

__all__ = ["codes"]
