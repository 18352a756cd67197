"""Work of engagement that runs by itself; each part registers its own."""

from wellspring.engagement.jobs import journeys, proof, touches


def register() -> None:
    """Makes the jobs, steps and pumps known."""
    proof.register()
    touches.register()
    journeys.register()
