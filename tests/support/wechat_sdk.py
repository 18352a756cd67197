"""Stock clients of WeChat's platforms, pointed at the simulator: nothing is changed but where the host is."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from wechatpy.enterprise import WeChatClient

from tests.support.simulator import Simulator
from wecom_simulator.corp import App


class ToSimulator(HTTPAdapter):
    """Sends what is meant for the platform's host to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.place = urlsplit(url)

    def send(self, request: PreparedRequest, *args: Any, **more: Any) -> Response:
        asked = urlsplit(str(request.url))
        request.url = urlunsplit((self.place.scheme, self.place.netloc, asked.path, asked.query, ""))
        return super().send(request, *args, **more)


def wecom(simulator: Simulator, app: App) -> WeChatClient:
    """A client of one app of the corp."""
    client = WeChatClient(simulator.corp.corpid, app.secret)
    client._http.trust_env = False
    client._http.mount("https://qyapi.weixin.qq.com/", ToSimulator(simulator.url))
    return client
