"""The host of WeCom (`qyapi.weixin.qq.com/cgi-bin/`): whose token a call carries, and the register of its endpoints."""

from dataclasses import dataclass, field

from wecom_simulator.call import Call
from wecom_simulator.corp import App, Corp
from wecom_simulator.errors import Refused
from wecom_simulator.transport import Api, refusal
from wecom_simulator.world import World

TOKEN_SECONDS = 7_200


@dataclass(frozen=True, slots=True)
class Token:
    """A key of an app for two hours."""

    corpid: str
    secret: str
    expires_at: int


@dataclass(slots=True)
class Tokens:
    """Every token that was given and is not yet forgotten."""

    known: dict[str, Token] = field(default_factory=dict)

    def give(self, world: World, corp: Corp, app: App) -> tuple[str, int]:
        """The app's token and its remaining seconds: the same one while it lives (page 91039)."""
        now = world.now()
        kept = self.known.get(app.token)
        if kept is None or kept.expires_at <= now:
            app.token = world.identifier("", 43) + world.identifier("", 43)
            kept = self.known[app.token] = Token(corp.corpid, app.secret, now + TOKEN_SECONDS)
        return app.token, kept.expires_at - now

    def forget(self, app: App) -> None:
        """The platform takes a token back early."""
        self.known.pop(app.token, None)
        app.token = ""


def know(call: Call) -> None:
    """Finds the app by the token in the query; a header or the body does not count."""
    text = call.query.get("access_token", "")
    if not text:
        raise Refused(41001)
    found = call.world.part(Tokens).known.get(text)
    if found is None:
        raise Refused(40014)
    if found.expires_at <= call.now:
        raise Refused(42001)
    corp = call.world.corps.get(found.corpid)
    app = corp.apps.get(found.secret) if corp else None
    if corp is None or app is None:
        raise Refused(40014)
    call.by_corp, call.by_app = corp, app


WECOM = Api("/cgi-bin/", "", know, refusal)
endpoint = WECOM.endpoint
