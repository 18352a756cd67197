"""Who is acting, what they may do, and which part of the organisation they may see.

Domains declare permissions; roles (in `access`) grant them; this module only compares. A scope is either everything or
an explicit set of organisation units, already expanded to whole subtrees, which repositories put into their queries.
"""

import dataclasses
import enum
from collections.abc import Mapping

from wellspring.kernel.errors import Forbidden


class ActorKind(enum.StrEnum):
    """What acts: a person in the console, a program with a key, or Wellspring itself."""

    USER = "user"
    KEY = "key"
    SYSTEM = "system"


@dataclasses.dataclass(frozen=True)
class Scope:
    """The organisation units whose members and staff may be seen; None is everything."""

    unit_ids: frozenset[str] | None = None

    @property
    def is_all(self) -> bool:
        """Whether there is no restriction."""
        return self.unit_ids is None

    def covers(self, unit_id: str | None) -> bool:
        """Whether something that belongs to this unit may be seen; what belongs to no unit needs the full scope."""
        return self.unit_ids is None or unit_id in self.unit_ids


EVERYTHING = Scope()


@dataclasses.dataclass(frozen=True)
class Principal:
    """An actor with what it may do and see."""

    id: str
    kind: ActorKind
    name: str
    permissions: frozenset[str] = frozenset()
    scope: Scope = EVERYTHING
    staff_id: str | None = None

    def may(self, permission: str) -> bool:
        """Whether the permission is granted; the system may do everything."""
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Forbidden unless the permission is granted."""
        if not self.may(permission):
            raise Forbidden(permission=permission)


SYSTEM = Principal(id="system", kind=ActorKind.SYSTEM, name="Wellspring")


@dataclasses.dataclass(frozen=True)
class PermissionText:
    """A permission with its words for people."""

    permission: str
    domain: str
    zh: str
    en: str


_registered: dict[str, PermissionText] = {}


def register_permissions(texts: Mapping[str, tuple[str, str]]) -> None:
    """Makes a domain's permissions known; the composition root calls it once per domain. Keys: `domain:thing:verb`."""
    for permission, (zh, en) in texts.items():
        _registered[str(permission)] = PermissionText(str(permission), str(permission).partition(":")[0], zh, en)


def known_permissions() -> dict[str, PermissionText]:
    """Every registered permission by name."""
    return dict(_registered)
