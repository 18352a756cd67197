"""Wellspring: the open-source system with which a brand builds and runs its own audience.

The packages below are layered domains; ARCHITECTURE.md draws them and import-linter keeps them so.
"""

__version__ = "0.1.0"
