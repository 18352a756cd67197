"""Work of engagement that runs by itself; each part registers its own."""

from wellspring.engagement.jobs import proof


def register() -> None:
    """Makes the jobs, steps and pumps known."""
    proof.register()
