"""What stands before every request of WeChat Pay, and the signature under every answer."""

import dataclasses
from pathlib import Path

import httpx
import pytest

from tests.support.payer import Payer
from tests.support.simulator import Simulator, simulating
from wecom_simulator import snapshot

ORDER = "/v3/pay/transactions/out-trade-no/ORDER0001?mchid={}"


@pytest.fixture
def payer(anew: Simulator) -> Payer:
    return Payer.of(anew)


class TestRefusals:
    @pytest.mark.parametrize(
        ("target", "message", "has_id"),
        [
            ("/v3/certificates", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》", True),
            ("/v3/refund/domestic/refunds/1", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》", True),
            ("/v3/pay/transactions/id/1", "签名信息错误，验签失败", False),
        ],
    )
    def test_without_a_signature(self, payer: Payer, target: str, message: str, has_id: bool) -> None:
        answer = payer.simulator.http.get(f"/pay{target}")
        assert (answer.status_code, answer.json()) == (401, {"code": "SIGN_ERROR", "message": message})
        assert ("request-id" in answer.headers) == has_id
        assert not [name for name in answer.headers if name.startswith("wechatpay-")]

    def test_age_is_checked_before_the_signature(self, payer: Payer) -> None:
        old = str(payer.simulator.world.now() - 301)
        header = payer.authorization("GET", "/v3/certificates", "", timestamp=old, signature="nonsense")
        answer = payer.ask("GET", "/v3/certificates", Authorization=header)
        assert answer.status_code == 401
        assert answer.json()["message"] == "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"

    @pytest.mark.parametrize("changed", [{"signature": "bm9wZQ=="}, {"mchid": "1"}, {"serial_no": "AB"}, {"nonce_str": "other"}])
    def test_a_wrong_signature(self, payer: Payer, changed: dict[str, str]) -> None:
        header = payer.authorization("GET", "/v3/certificates", "", **changed)
        answer = payer.ask("GET", "/v3/certificates", Authorization=header)
        assert (answer.status_code, answer.json()) == (401, {"code": "SIGN_ERROR", "message": "签名错误"})

    def test_what_else_is_missing(self, payer: Payer) -> None:
        answer = payer.ask("GET", "/v3/certificates", **{"User-Agent": ""})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
        assert answer.json()["message"] == "Http头缺少Accept或User-Agent"
        for method, target, status in (("GET", "/v3/nothing", 404), ("POST", "/v3/certificates", 405)):
            answer = payer.ask(method, target)
            assert (answer.status_code, answer.content) == (status, b"")

    def test_the_field_at_fault_is_named(self, payer: Payer) -> None:
        body = payer.order()
        body["amount"]["currency"] = "XYZ"
        answer = payer.ask("POST", "/v3/pay/transactions/jsapi", body)
        assert answer.status_code == 400
        assert answer.json()["detail"] == {
            "field": "/amount/currency",
            "value": "XYZ",
            "issue": "Currency code is invalid",
            "location": "body",
        }


class TestKeys:
    def test_answers_are_signed(self, payer: Payer) -> None:
        answer = payer.ask("GET", "/v3/certificates")
        assert answer.status_code == 200
        assert payer.verifies(answer.headers, answer.content)
        assert not payer.verifies(answer.headers, answer.content + b" ")

    def test_an_answer_without_a_body_is_signed_too(self, payer: Payer) -> None:
        payer.post("/v3/pay/transactions/jsapi", payer.order())
        closed = payer.ask("POST", "/v3/pay/transactions/out-trade-no/ORDER0001/close", {"mchid": payer.merchant.mchid})
        assert (closed.status_code, closed.content) == (204, b"")
        assert payer.verifies(closed.headers, b"")

    def test_a_probe_must_not_verify(self, payer: Payer) -> None:
        payer.pay.faults.upcoming.append("probe")
        answer = payer.ask("GET", "/v3/certificates")
        assert answer.headers["wechatpay-signature"].startswith("WECHATPAY/SIGNTEST/")
        assert not payer.verifies(answer.headers, answer.content)
        answer = payer.ask("GET", "/v3/certificates")
        assert payer.verifies(answer.headers, answer.content)

    def test_rotation_lists_both_and_signs_with_the_new_one(self, payer: Payer) -> None:
        old = payer.pay.certificates[0].serial
        new = payer.simulator.act("rotate_platform_certificate", overlap_seconds=3_600)["serial_no"]
        answer = payer.ask("GET", "/v3/certificates")
        assert [one["serial_no"] for one in answer.json()["data"]] == [old, new]
        assert answer.headers["wechatpay-serial"] == new
        payer.simulator.advance(3_601)
        assert [one["serial_no"] for one in payer.get("/v3/certificates")["data"]] == [new]

    def test_public_key_mode(self, payer: Payer) -> None:
        key = payer.simulator.act("use_public_key", mode="moving")["public_key_id"]
        assert key.startswith("PUB_KEY_ID_")
        named = payer.ask("GET", "/v3/certificates", **{"Wechatpay-Serial": key})
        assert named.headers["wechatpay-serial"] == key
        assert payer.verifies(named.headers, named.content)
        payer.simulator.act("use_public_key")
        answer = payer.ask("GET", "/v3/certificates")
        assert (answer.status_code, answer.json()["code"]) == (404, "RESOURCE_NOT_EXISTS")
        payer.post("/v3/pay/transactions/jsapi", payer.order())
        assert payer.ask("GET", ORDER.format(payer.merchant.mchid)).headers["wechatpay-serial"] == key


class TestFaults:
    def test_what_was_done_and_denied_is_found_by_asking(self, payer: Payer) -> None:
        payer.simulator.act("pay_fault", fault="error_after")
        assert payer.refused("/v3/pay/transactions/jsapi", payer.order()) == (500, "SYSTEM_ERROR")
        assert payer.get(ORDER.format(payer.merchant.mchid))["trade_state"] == "NOTPAY"
        payer.simulator.act("pay_fault", fault="error_before")
        assert payer.refused("/v3/pay/transactions/jsapi", payer.order("ORDER0002")) == (500, "SYSTEM_ERROR")
        assert "ORDER0002" not in payer.merchant.orders
        payer.simulator.act("pay_fault", fault="limited")
        assert payer.refused("/v3/pay/transactions/jsapi", payer.order("ORDER0002")) == (429, "FREQUENCY_LIMITED")

    def test_an_answer_that_never_comes(self, payer: Payer) -> None:
        payer.pay.faults.silence_seconds = 5
        payer.simulator.act("pay_fault", fault="silence")
        with (
            pytest.raises(httpx.ReadTimeout),
            httpx.Client(base_url=payer.simulator.url, timeout=httpx.Timeout(60, read=0.5), trust_env=False) as impatient,
        ):
            payer.simulator, kept = dataclasses.replace(payer.simulator, http=impatient), payer.simulator
            payer.post("/v3/pay/transactions/jsapi", payer.order())
        payer.simulator = kept
        assert payer.get(ORDER.format(payer.merchant.mchid))["trade_state"] == "NOTPAY"


def test_the_platform_goes_on_after_a_restart(payer: Payer, tmp_path: Path) -> None:
    order = payer.paid(notify_url="http://127.0.0.1:9/nobody")
    snapshot.save(payer.simulator.world, tmp_path / "world")
    with simulating(snapshot.load(tmp_path / "world")) as simulator:
        again = Payer.of(simulator)
        assert again.get(ORDER.format(again.merchant.mchid))["transaction_id"] == order.transaction_id
        assert again.pay.public_key == payer.pay.public_key
        assert len(again.pay.notices) == 1
