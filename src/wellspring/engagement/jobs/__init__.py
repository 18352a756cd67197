"""Work of engagement that runs by itself; each part registers its own."""


def register() -> None:
    """Makes the jobs, steps and pumps known."""
