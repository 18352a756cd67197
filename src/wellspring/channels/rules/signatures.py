"""How calls to vendors are signed: ours, Aliyun's ACS3 and Tencent Cloud's TC3. Pure: the instant and the nonce are given."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

_ACS3, _TC3 = "ACS3-HMAC-SHA256", "TC3-HMAC-SHA256"


def own(secret: str, body: bytes, *, sent_at: int) -> str:
    """`t=…,v1=…`: HMAC-SHA256 over the second it was sent at, a full stop, and the body; as webhooks of audiences are signed."""
    digest = hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent_at},v1={digest}"


def aliyun(
    *, access_key: str, secret: str, host: str, action: str, version: str, query: Mapping[str, str], at: dt.datetime, nonce: str
) -> dict[str, str]:
    """The headers of a signed call in RPC style (Aliyun: V3 request structure and signature)."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join(["POST", "/", aliyun_query(query), lines, names, headers["x-acs-content-sha256"]])
    text = f"{_ACS3}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return headers | {"authorization": f"{_ACS3} Credential={access_key},SignedHeaders={names},Signature={signature}"}


def aliyun_query(query: Mapping[str, str]) -> str:
    """The query as it is signed and sent."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query.items()))


def tencent(
    *,
    secret_id: str,
    secret_key: str,
    host: str,
    service: str,
    action: str,
    version: str,
    region: str,
    body: bytes,
    at: dt.datetime,
    content_type: str = "application/json; charset=utf-8",
) -> dict[str, str]:
    """The headers of a signed call (Tencent Cloud: signature v3)."""
    day, stamp = at.strftime("%Y-%m-%d"), str(int(at.timestamp()))
    names = "content-type;host;x-tc-action"
    lines = f"content-type:{content_type}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    canonical = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join([_TC3, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = _hmac(_hmac(_hmac(f"TC3{secret_key}".encode(), day), service), "tc3_request")
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "host": host,
        "x-tc-action": action,
        "x-tc-version": version,
        "x-tc-region": region,
        "x-tc-timestamp": stamp,
        "authorization": f"{_TC3} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}",
    }


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
