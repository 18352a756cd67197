"""Which carrier there is: the real one, unless a simulation has put its own in its place."""

from wellspring.engagement.service.carrier import Carrier

_named: list[Carrier] = []


def use(one: Carrier) -> None:
    """Puts a carrier in place; the one before is gone."""
    _named[:] = [one]


def carrier() -> Carrier:
    """The carrier in place."""
    return _named[0]


def is_set() -> bool:
    """Whether there is one."""
    return bool(_named)
