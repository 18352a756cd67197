"""Leaving over HTTP: a link that is opened by anybody changes nothing, one click does, without a login; and where vendors post."""

from tests.support.console import Console, everything
from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind

_MAIL = Identity(IdentityKind.EMAIL, "wang@example.com")
_ONE_CLICK = {"content-type": "application/x-www-form-urlencoded"}


def _somebody(console: Console) -> int:
    ws = console.ws
    [number] = people.resolve(ws, by=SYSTEM, claims=[Claim((_MAIL,), ws.clock.now())]).member_nos
    word = ConsentWord("marketing", "email", ConsentState.SUBSCRIBED, ws.clock.now(), explicit=True)
    people.put_consents(ws, by=SYSTEM, words=[((_MAIL,), word)])
    return number


def _path(console: Console, number: int) -> str:
    address = people.address_mark(console.ws, identity=_MAIL)
    return f"/u/{sends.unsubscribe_token(console.ws, member_no=number, channel=Channel.EMAIL, address=address)}"


class TestLeaving:
    def test_d13_opening_the_link_changes_nothing_and_one_click_does(self, console: Console) -> None:
        number = _somebody(console)
        path = _path(console, number)
        for _ in range(3):
            page = console.client.get(path, headers={"accept-language": "zh-CN"})
            assert page.status_code == 200
            assert "确认退订" in page.text
        console.client.head(path)
        assert number in sends.consenting(console.ws, Channel.EMAIL, "marketing")
        # RFC 8058: no cookie, no login, the same answer again.
        for _ in range(2):
            answer = console.client.post(path, content="List-Unsubscribe=One-Click", headers=_ONE_CLICK)
            assert answer.status_code == 200
        assert number not in sends.consenting(console.ws, Channel.EMAIL, "marketing")

    def test_the_button_of_the_page_leaves_too(self, console: Console) -> None:
        number = _somebody(console)
        answer = console.client.post(_path(console, number), data={"by": "page"}, headers={"accept-language": "en"})
        assert "You are unsubscribed" in answer.text
        assert number not in sends.consenting(console.ws, Channel.EMAIL, "marketing")

    def test_a_link_that_is_none_says_so(self, console: Console) -> None:
        for path in (f"/u/{console.ws.slug}.{'A' * 23}", "/u/nobody.AAAA", "/u/x"):
            assert console.client.get(path).status_code == 404
            assert console.client.post(path).status_code == 404


class TestReceipts:
    def test_a_vendor_posts_to_the_address_that_administrators_see(self, console: Console) -> None:
        console.by = everything()
        body: dict[str, object] = {"kind": "sms", "name": "短信", "corp_id": "AK", "secret": "s", "host": "https://1.1.1.1/send"}
        body["options"] = {"sign_name": "活"}
        made = console.client.post("/api/channels/accounts", json=body).json()
        assert made["options"] == {"sign_name": "活"}
        path = made["receipt_paths"]["report"]
        answer = console.client.post(path, json=[{"id": "1", "to": "+8613800138000", "state": "delivered"}])
        assert answer.json() == {"code": 0, "msg": "OK", "result": 0, "errmsg": "OK", "taken": 1}
        assert console.client.post(path, content=b"not json").status_code == 403
        assert console.client.post(f"/receipts/{made['id']}/wrong/report", json=[]).status_code == 403
        changed = console.client.patch(f"/api/channels/accounts/{made['id']}", json={"name": "短信二"}).json()
        assert (changed["name"], changed["options"]) == ("短信二", {"sign_name": "活"})
