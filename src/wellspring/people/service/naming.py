"""From what a source says to keys: normal forms, blind indexes, and which attributes are identifiers in truth.

Keys of personal kinds are blind indexes (HMAC), those of the others keyed marks; both are 16 bytes and tell nothing.
"""

import functools
from collections.abc import Iterable
from typing import NamedTuple

from wellspring.kernel.crypto import Keyring
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Claim, Identity, IdentityKind, Refusal
from wellspring.people.rules import attributes, identities
from wellspring.people.settings import PeopleSettings


class Named(NamedTuple):
    """An identifier in its normal form, with its key."""

    kind: IdentityKind
    key: bytes
    value: str
    namespace: str


class Naming:
    """Names identifiers for one workspace."""

    def __init__(self, ws: Workspace) -> None:
        self._keys = ws.keys
        self.settings = ws.settings.get(PeopleSettings)
        self.limits = _limits(tuple(sorted(self.settings.limits.items())))

    def named(self, identity: Identity) -> Named | Refusal:
        """The identifier with its key, or why it is none."""
        kind, given, namespace = identity
        value = identities.normal(kind, given, region=self.settings.phone_region, namespace=namespace)
        if isinstance(value, Refusal):
            return value
        return Named(kind, key_of(self._keys, kind, value, namespace), value, namespace)

    def all_of(self, claim: Claim) -> tuple[list[Named], list[Refusal]]:
        """Every usable identifier of a claim, those among its attributes included, and the refusals."""
        if claim.attributes is None and len(claim.identities) == 1:
            only = self.named(claim.identities[0])
            return ([only], []) if isinstance(only, Named) else ([], [only])
        named: list[Named] = []
        refused: list[Refusal] = []
        for identity in _identities_of(claim):
            found = self.named(identity)
            if isinstance(found, Named):
                if all(found.key != other.key for other in named):
                    named.append(found)
            else:
                refused.append(found)
        return named, refused


def key_of(keys: Keyring, kind: IdentityKind, value: str, namespace: str = "") -> bytes:
    """The 16 bytes under which a normal value is known."""
    if kind in identities.PERSONAL:
        return keys.blind(f"people.{kind.value}", value)
    return keys.mark(kind.value, f"{namespace}\x1f{value}" if namespace else value)


def context(kind: str) -> str:
    """What a personal value is sealed for; it opens for nothing else."""
    return f"people.{kind}"


def _identities_of(claim: Claim) -> Iterable[Identity]:
    yield from claim.identities
    for name, value in attributes.flat(claim.attributes) if claim.attributes else ():
        kind = attributes.identity_kind(name)
        if kind is not None and value is not None:
            yield Identity(kind, value)


@functools.lru_cache(maxsize=64)
def _limits(overrides: tuple[tuple[str, int], ...]) -> dict[IdentityKind, int]:
    return identities.limits_with(dict(overrides))
