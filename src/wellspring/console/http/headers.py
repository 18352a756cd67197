"""Security headers: those of the console's pages, and those of every answer.

Scripts come from this origin only and are never inline. Styles may be inline, because Ant Design writes the styles of
the components in use into the page; nothing that a customer wrote is ever put into a style.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self' 'unsafe-inline'"),
    ("img-src", "'self' data: blob:"),
    ("font-src", "'self' data:"),
    ("connect-src", "'self'"),
    ("worker-src", "'self' blob:"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'none'"),
)
PAGE_HEADERS = {
    "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in _POLICY),
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_EVERY_ANSWER = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_RAW = [(name.encode(), value.encode()) for name, value in _EVERY_ANSWER.items()]
_NO_STORE = (b"cache-control", b"no-store")
_SECURE = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Puts the headers of every answer on it; what says nothing about caching is not kept by anyone.

    Plain ASGI on purpose: Starlette's function middleware costs as much as the smallest route.
    """

    def __init__(self, app: ASGIApp, *, production: bool = False) -> None:
        self._app = app
        self._headers = [*_RAW, _SECURE] if production else _RAW

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and completes the head of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message.get("headers", []), *self._headers]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        await self._app(scope, receive, completed)
