"""Every test here talks to a running simulator (tests/support/simulator.py)."""

from tests.support.simulator import simulator

__all__ = ["simulator"]
