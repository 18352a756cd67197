"""Pictures that the platform drew and shows at an address of its own: codes of ways and of scenes."""

import httpx

from wellspring.channels.adapters.wecom import hosts
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.accounts import HOSTS
from wellspring.kernel import outbound
from wellspring.kernel.workspace import Workspace

# A code of 1,280 pixels has some 30 KB.
_BYTES_MAX = 512 * 1024
_TIMEOUT = httpx.Timeout(10, connect=3)


def fetch(ws: Workspace, account: Account, url: str) -> bytes | None:
    """The picture at the address, None when there is none or it is too large. Raises AddressRefused."""
    is_stand_in = account.host != HOSTS[account.kind] and hosts.may_call_loopback(ws, account.host)
    address = outbound.checked(url, allows_loopback=is_stand_in)
    target = httpx.URL(url)
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "GET",
                target.copy_with(host=address),
                headers={"host": target.netloc.decode("ascii")},
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK or not answer.headers.get("content-type", "").startswith("image/"):
                return None
            held = bytearray()
            for piece in answer.iter_bytes():
                held += piece
                if len(held) > _BYTES_MAX:
                    return None
            return bytes(held)
    except httpx.HTTPError:
        return None
