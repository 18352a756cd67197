"""Where an account's calls go: the platform's own host, or one that an administrator typed, checked against SSRF.

A typed name is resolved and every address of it must be public; the connection goes to the address that was checked.
This machine itself is allowed for the simulator: one that this program started, in lab mode, in the demo brand, or where
the environment says so.
"""

import threading
import time
from typing import NamedTuple

import httpx

from wellspring.channels.contracts import AccountKind
from wellspring.channels.contracts.accounts import HOSTS
from wellspring.kernel import outbound
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.settings import ProcessSettings, WorkspaceSettings
from wellspring.kernel.workspace import Workspace

# A name is looked up again after this, so that a moved host is found and a moved name cannot lead inside.
_FRESH_SECONDS = 60.0


class Target(NamedTuple):
    """The address to connect to, the host to name, and the prefix before every path."""

    base: str
    host_header: str
    server_name: str


_targets: dict[tuple[str, bool], tuple[float, Target]] = {}
_lock = threading.Lock()
_own: set[str] = set()


def allow(host: str) -> None:
    """Lets this very address be called though it is on this machine: the program itself started what answers there."""
    _own.add(host.rstrip("/"))


def may_call_loopback(ws: Workspace, host: str) -> bool:
    """Whether a host on this machine may be called: the simulator's."""
    if any(host == own or host.startswith(f"{own}/") for own in _own):
        return True
    is_lab = isinstance(ws.clock, VirtualClock) or ws.settings.get(WorkspaceSettings).is_demo
    return is_lab or ProcessSettings().loopback_channels


def check(ws: Workspace, host: str) -> None:
    """Raises AddressRefused unless the typed host may be called."""
    outbound.checked(host, allows_loopback=may_call_loopback(ws, host))


def target_of(ws: Workspace, kind: AccountKind, host: str) -> Target:
    """Where to connect now. Raises AddressRefused."""
    if not host or host == HOSTS[kind]:
        own = httpx.URL(HOSTS[kind])
        return Target(HOSTS[kind], own.netloc.decode("ascii"), own.host)
    key = (host, may_call_loopback(ws, host))
    now = time.monotonic()
    with _lock:
        known = _targets.get(key)
    if known is not None and known[0] > now:
        return known[1]
    typed = httpx.URL(host)
    address = outbound.checked(host, allows_loopback=key[1])
    target = Target(str(typed.copy_with(host=address)).rstrip("/"), typed.netloc.decode("ascii"), typed.host)
    with _lock:
        _targets[key] = (now + _FRESH_SECONDS, target)
    return target
