"""Customers who are WeCom users of another corp (type 2, page 92114)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Employer:
    """The corp that such a customer works for."""

    short_name: str
    name: str
    position: str = ""
