"""The browser in people's phones: opens pages of a brand over real HTTP, keeps their cookies, presses their buttons.

Visits wait in the world and are made by a thread of their own, one after the other, outside the world's lock; what
somebody does after a page has been read is a timer of the world.
"""

import re
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from wecom_simulator.registry import TIMERS
from wecom_simulator.world import World

# As WeChat's own browser names itself on an iPhone.
AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN"
)
_TIMEOUT = httpx.Timeout(5)
_IDLE_SECONDS = 0.02
_PICTURE = re.compile(r'<img[^>]+src="([^"]+)"')
_BUTTON = re.compile(r'<form[^>]+method="post"[^>]+action="([^"]+)"', re.IGNORECASE)


@dataclass(slots=True)
class Visit:
    """A page that somebody opens; `then` is the timer that is told what they found."""

    unionid: str
    url: str
    then: str
    arguments: dict[str, Any]
    presses: bool = False
    """Whether they press the page's button, if it has one."""


@dataclass(slots=True)
class Found:
    """What came of a visit."""

    status: int = 0
    shows_picture: bool = False
    pressed: bool = False


@dataclass(slots=True)
class Phones:
    """Visits that wait or are under way, and what the phones keep."""

    waiting: deque[Visit] = field(default_factory=deque)
    """The first one is under way until it is over: after a restart it is made again."""
    cookies: dict[str, str] = field(default_factory=dict)
    """Cookie header by unionid and host."""
    counts: dict[str, int] = field(default_factory=dict)

    def visit(self, visit: Visit) -> None:
        """Let somebody open a page as soon as the phone is free."""
        self.waiting.append(visit)


class Browsing:
    """The thread that opens the pages."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._phones = world.part(Phones)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="simulator-phones")

    def start(self) -> None:
        """Begins with what waits."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the visit under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        phones = self._phones
        while not self._stopping.wait(_IDLE_SECONDS):
            if phones.waiting:
                # Made when it is first needed: most worlds of tests never browse.
                with httpx.Client(timeout=_TIMEOUT, trust_env=False) as http:
                    while phones.waiting and not self._stopping.is_set():
                        self._visit(http, phones)

    def _visit(self, http: httpx.Client, phones: Phones) -> None:
        visit = phones.waiting[0]
        found = opened(http, phones, visit)
        with self._world.lock:
            self._world.version += 1
            word = str(found.status or "unreachable")
            phones.counts[word] = phones.counts.get(word, 0) + 1
            TIMERS[visit.then](self._world, **asdict(found), **visit.arguments)
            # Only now is it over: whoever waits for the phones finds what followed planned.
            phones.waiting.popleft()


def opened(http: httpx.Client, phones: Phones, visit: Visit) -> Found:
    """Opens a page with its picture as a phone does, and presses its button if somebody wants to."""
    found = Found()
    try:
        page = _asked(http, phones, visit, "GET", visit.url)
        found.status = page.status_code
        if not page.is_success:
            return found
        button = _BUTTON.search(page.text)
        if visit.presses and button:
            answer = _asked(http, phones, visit, "POST", urljoin(visit.url, button[1]))
            found.pressed = answer.status_code in {200, 303}
            if answer.status_code == 303:
                page = _asked(http, phones, visit, "GET", urljoin(visit.url, answer.headers["location"]))
        picture = _PICTURE.search(page.text)
        if picture:
            found.shows_picture = _asked(http, phones, visit, "GET", urljoin(visit.url, picture[1])).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        found.status = 0
    return found


def _asked(http: httpx.Client, phones: Phones, visit: Visit, method: str, url: str) -> httpx.Response:
    key = f"{visit.unionid} {urlsplit(url).netloc}"
    headers = {"user-agent": AGENT, "accept": "text/html,image/*", "accept-language": "zh-CN,zh;q=0.9"}
    if key in phones.cookies:
        headers["cookie"] = phones.cookies[key]
    # The client is everybody's: what it remembers of one person may not reach the next.
    http.cookies.clear()
    answer = http.request(method, url, headers=headers)
    given = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    if given:
        phones.cookies[key] = given
    return answer
