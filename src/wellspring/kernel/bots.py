"""Who is not a person: crawlers, link previews and security scanners that open an address without anyone looking at it.

They say so in their name, send none, or only fetch ahead. Their visits are answered like any other and counted nowhere.
"""

import re
from collections.abc import Mapping

# Names that search engines, messengers' previews, monitors and libraries give themselves.
_NAMES = re.compile(
    r"bot\b|bot[/;) -]|spider|crawl|slurp|preview|headless|phantom|lighthouse|pingdom|uptime|monitor|scan|fetch|facebookexternalhit|"
    r"embedly|whatsapp|telegram|bytespider|petal|yisou|sogou web|360spider|python|curl|wget|httpx|okhttp|go-http|java/|libwww|axios|node",
    re.IGNORECASE,
)
_AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def is_bot(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers (lower-case names) is a machine's own."""
    agent = headers.get("user-agent", "")
    if len(agent) < 10 or _NAMES.search(agent):
        return True
    return any(re.search("prefetch|preview|prerender", headers.get(name, ""), re.IGNORECASE) for name in _AHEAD)
