"""Every test here talks to a running simulator (tests/support/simulator.py)."""

from tests.support.anew import anew, running
from tests.support.simulator import simulator

__all__ = ["anew", "running", "simulator"]
