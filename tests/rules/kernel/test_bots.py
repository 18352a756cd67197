"""Machines are told from people by what they say of themselves."""

import pytest

from wellspring.kernel.bots import is_bot

WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " MicroMessenger/8.0.54(0x18003637) NetType/WIFI Language/zh_CN"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.103"
    " Mobile Safari/537.36 XWEB/1300259 MMWEBSDK/20240802 MicroMessenger/8.0.53.2740(0x28003533) WeChat/arm64"
)


@pytest.mark.parametrize("agent", [WECHAT, ANDROID])
def test_people(agent: str) -> None:
    assert not is_bot({"user-agent": agent})


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "x",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "facebookexternalhit/1.1 (+http://www.facebook.com)",
        "WhatsApp/2.23.20",
        "Mozilla/5.0 HeadlessChrome/130.0 Safari/537.36",
        "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
    ],
)
def test_machines(agent: str) -> None:
    assert is_bot({"user-agent": agent})


def test_whoever_fetches_ahead() -> None:
    assert is_bot({"user-agent": WECHAT, "sec-purpose": "prefetch;prerender"})
