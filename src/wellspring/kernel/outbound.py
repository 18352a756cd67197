"""Requests to addresses that users typed: never into the network that the server stands in (SSRF), never followed elsewhere.

The name is resolved once, every address it has must be public, and the connection goes to the very address that was
checked. What cannot be resolved is refused. The answer's body is never read into anything that a user sees.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx

from wellspring.kernel.errors import WellspringError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# The addresses of a host name, as texts; raises OSError.
Resolve = Callable[[str, int], list[str]]
_TIMEOUT = httpx.Timeout(10, connect=5)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_URL_MAX = 2_000
_OLDER_FORMS = ipaddress.IPv6Network("::/96")


class AddressRefused(WellspringError):
    """The address is none that the server may call."""

    status = 422
    code = "kernel.address_refused"
    zh = "不能访问这个地址：{zh_reason}"
    en = "This address cannot be called: {en_reason}"


def checked(url: str, *, allows_loopback: bool = False, resolve: Resolve | None = None) -> str:
    """The address to connect to. Raises AddressRefused unless every address of the host is public."""
    parts = urlsplit(url) if len(url) <= _URL_MAX else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressRefused(zh_reason="只支持 http 与 https", en_reason="only http and https are taken")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(zh_reason="地址中不能带用户名", en_reason="it must not hold a user name")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = (resolve or _resolved)(parts.hostname, port)
        addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    except (OSError, ValueError) as unknown:
        raise AddressRefused(zh_reason="域名无法解析", en_reason="its name cannot be resolved") from unknown
    if not addresses or not all(_is_allowed(one, allows_loopback=allows_loopback) for one in addresses):
        raise AddressRefused(zh_reason="它指向内部网络", en_reason="it leads into an internal network")
    return str(addresses[0])


def post(url: str, body: bytes, headers: Mapping[str, str], *, allows_loopback: bool = False, resolve: Resolve | None = None) -> int:
    """Posts to the checked address and gives the status. Raises AddressRefused, httpx.HTTPError."""
    address = checked(url, allows_loopback=allows_loopback, resolve=resolve)
    target = httpx.URL(url)
    pinned = target.copy_with(host=address)
    sent = {**headers, "host": target.netloc.decode("ascii")}
    # No proxy of the environment, no redirect: both would lead elsewhere than to the checked address.
    with (
        httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", pinned, content=body, headers=sent, extensions={"sni_hostname": target.host}) as answer,
    ):
        return answer.status_code


def _resolved(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_allowed(address: _Address, *, allows_loopback: bool) -> bool:
    inner = _inner(address)
    if allows_loopback and inner.is_loopback:
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: _Address) -> _Address:
    """The IPv4 address inside the forms of IPv6 that carry one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    for inside in (address.ipv4_mapped, address.sixtofour, address.teredo[1] if address.teredo else None):
        if inside is not None:
            return inside
    is_carrier = address in _NAT64 or (address in _OLDER_FORMS and int(address) > 1)
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if is_carrier else address
