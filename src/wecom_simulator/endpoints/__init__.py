"""Endpoints of WeCom that are not about customers; importing the package registers them."""

from wecom_simulator.endpoints import tokens

__all__ = ["tokens"]
