"""Work of acquisition that runs by itself."""

from wellspring.acquisition.jobs import codes, item_codes


def register() -> None:
    """Makes the jobs known."""
    codes.register()
    item_codes.register()
