"""One call to a platform as its handler sees it, with readers that refuse what is missing or too long.

A reader refuses with 40058 unless the endpoint has a code of its own for the field (page 90313).
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from wecom_simulator.corp import App, Corp, Staff
from wecom_simulator.errors import Refused
from wecom_simulator.world import World

_MALFORMED = 40058


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is not JSON."""

    content: bytes
    content_type: str = "application/octet-stream"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


@dataclass(slots=True)
class Call:
    """What was asked, by whom."""

    world: World
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    ip: str
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    # Set by the check of the token; what an Official Account's check finds is `account`.
    by_corp: Corp | None = None
    by_app: App | None = None
    account: Any = None
    # A share of what a call names that fails for no reason of its own: a fault, and the randomness it is drawn from.
    failing: tuple[float, Random] | None = None

    def fails(self) -> bool:
        """Whether this one of several fails: asked once for each, where an endpoint may succeed in part."""
        return self.failing is not None and self.failing[1].random() < self.failing[0]

    @property
    def corp(self) -> Corp:
        """The corp whose token it is."""
        if self.by_corp is None:
            raise Refused(41001)
        return self.by_corp

    @property
    def app(self) -> App:
        """The app whose token it is."""
        if self.by_app is None:
            raise Refused(41001)
        return self.by_app

    @property
    def base(self) -> str:
        """Where this server is for whoever calls: pictures that the platform makes live here too."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    @property
    def is_multipart(self) -> bool:
        """Whether the body brings files."""
        return self.headers.get("content-type", "").startswith("multipart/form-data")

    @property
    def now(self) -> int:
        """The present on the world's clock."""
        return self.world.now()

    def asked(self, name: str) -> Any:
        """A field of the body, or else of the query; None where there is none."""
        found = self.body.get(name)
        return self.query.get(name) if found is None else found

    def text(self, name: str, *, most: int = 0, code: int = _MALFORMED) -> str:
        """A text that must be there; `most` characters."""
        found = self.asked(name)
        if found is None or found == "":
            raise Refused(code)
        return self._short(found, most)

    def maybe_text(self, name: str, default: str = "", *, most: int = 0) -> str:
        """A text that may be missing."""
        found = self.asked(name)
        return default if found is None else self._short(found, most)

    def number(self, name: str, *, code: int = _MALFORMED) -> int:
        """A whole number that must be there."""
        found = self.asked(name)
        if found is None or found == "":
            raise Refused(code)
        return _whole(found)

    def maybe_number(self, name: str, default: int = 0) -> int:
        """A whole number that may be missing."""
        found = self.asked(name)
        return default if found is None or found == "" else _whole(found)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; 0 and 1 are taken too."""
        found = self.asked(name)
        if found is None:
            return default
        if found not in (True, False, "true", "false", "0", "1"):
            raise Refused(_MALFORMED)
        return found in (True, "true", "1")

    def limit(self, most: int, default: int, name: str = "limit") -> int:
        """The size of a page; more than `most`, or nothing, is the default."""
        found = self.maybe_number(name, default)
        return found if 0 < found <= most else default

    def texts(self, name: str, *, most: int = 0, code: int = _MALFORMED) -> list[str]:
        """A list of texts, empty when it is missing; `code` when there are more than `most`."""
        found = self.body.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise Refused(_MALFORMED)
        if most and len(found) > most:
            raise Refused(code)
        return found

    def numbers(self, name: str, *, most: int = 0, code: int = _MALFORMED) -> list[int]:
        """A list of whole numbers, empty when it is missing."""
        found = self.body.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise Refused(_MALFORMED)
        if most and len(found) > most:
            raise Refused(code)
        return [_whole(one) for one in found]

    def record(self, name: str) -> dict[str, Any]:
        """An object, empty when it is missing."""
        found = self.body.get(name)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise Refused(_MALFORMED)
        return found

    def records(self, name: str, *, most: int = 0, code: int = _MALFORMED) -> list[dict[str, Any]]:
        """A list of objects, empty when it is missing."""
        found = self.body.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Refused(_MALFORMED)
        if most and len(found) > most:
            raise Refused(code)
        return found

    def staff(self, name: str = "userid", *, missing: int = 41009, out_of_range: int = 60011) -> Staff:
        """The member that a field names: 60111 for nobody, `out_of_range` for one the app does not see."""
        return self.seen_staff(self.text(name, code=missing), out_of_range=out_of_range)

    def seen_staff(self, userid: str, *, out_of_range: int = 60011) -> Staff:
        """A member by userid, in the app's range."""
        found = self.corp.staff.get(userid)
        if found is None:
            raise Refused(60111)
        if not self.corp.sees(self.app, userid):
            raise Refused(out_of_range)
        return found

    def _short(self, found: object, most: int) -> str:
        if not isinstance(found, str | int) or isinstance(found, bool):
            raise Refused(_MALFORMED)
        text = str(found)
        if most and len(text) > most:
            raise Refused(_MALFORMED)
        return text


def _whole(found: object) -> int:
    if isinstance(found, bool) or not isinstance(found, int | str):
        raise Refused(_MALFORMED)
    try:
        return int(found)
    except ValueError:
        raise Refused(_MALFORMED) from None


def page(rows: list[Any], cursor: str, limit: int) -> tuple[list[Any], str]:
    """A slice of rows and the cursor of the next one ("" at the end); a cursor that was never given is 50100."""
    start = 0
    if cursor:
        if not cursor.startswith("c") or not cursor[1:].isdigit():
            raise Refused(50100)
        start = int(cursor[1:])
    end = start + limit
    return rows[start:end], f"c{end}" if end < len(rows) else ""
