"""Orders, refunds and notifications of WeChat Pay."""

import time
from collections.abc import Callable

import pytest

from tests.support.payer import Payer
from tests.support.receiver import receiving
from tests.support.simulator import Simulator
from wecom_simulator.pay import host
from wecom_simulator.pay.notices import RETRIES

JSAPI = "/v3/pay/transactions/jsapi"
REFUNDS = "/v3/refund/domestic/refunds"


@pytest.fixture
def payer(anew: Simulator) -> Payer:
    return Payer.of(anew)


def until(holds: Callable[[], bool]) -> None:
    """Waits for the threads that post notifications."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def query(payer: Payer, number: str = "ORDER0001") -> dict[str, object]:
    return payer.get(f"/v3/pay/transactions/out-trade-no/{number}?mchid={payer.merchant.mchid}")


class TestOrders:
    def test_an_order_is_paid_and_found_by_both_numbers(self, payer: Payer) -> None:
        prepay = payer.post(JSAPI, payer.order())["prepay_id"]
        assert prepay.startswith("wx2026")
        assert (query(payer)["trade_state"], "payer" in query(payer)) == ("NOTPAY", False)
        before = payer.merchant.available
        paid = payer.simulator.act("pay", order=prepay)
        told = query(payer)
        assert (told["trade_state"], told["trade_state_desc"], told["bank_type"]) == ("SUCCESS", "支付成功", "OTHERS")
        assert told["amount"] == {"total": 10_000, "currency": "CNY", "payer_total": 10_000, "payer_currency": "CNY"}
        assert told == payer.get(f"/v3/pay/transactions/id/{paid['transaction_id']}?mchid={payer.merchant.mchid}")
        assert payer.merchant.available - before == 9_940

    def test_a_repeated_order_is_the_same_order(self, payer: Payer) -> None:
        first = payer.post(JSAPI, payer.order())
        assert payer.post(JSAPI, payer.order()) == first
        assert payer.refused(JSAPI, payer.order(total=1)) == (400, "INVALID_REQUEST")
        payer.simulator.act("pay", order=first["prepay_id"])
        assert payer.refused(JSAPI, payer.order()) == (403, "OUT_TRADE_NO_USED")
        assert payer.simulator.http.post("/simulator/actions/pay", json={"order": first["prepay_id"]}).status_code == 400

    def test_a_closed_or_expired_order_is_not_paid(self, payer: Payer) -> None:
        prepay = payer.post(JSAPI, payer.order())["prepay_id"]
        payer.ask("POST", "/v3/pay/transactions/out-trade-no/ORDER0001/close", {"mchid": payer.merchant.mchid})
        assert query(payer)["trade_state"] == "CLOSED"
        assert payer.simulator.http.post("/simulator/actions/pay", json={"order": prepay}).status_code == 400
        assert payer.refused(JSAPI, payer.order()) == (400, "ORDER_CLOSED")
        payer.post(JSAPI, payer.order("ORDER0002", time_expire="2026-03-18T12:05:00+08:00"))
        payer.simulator.advance(301)
        assert query(payer, "ORDER0002")["trade_state"] == "CLOSED"

    def test_a_code_to_scan(self, payer: Payer) -> None:
        url = payer.post("/v3/pay/transactions/native", payer.order())["code_url"]
        person = payer.simulator.world.new_person("扫码的人").unionid
        paid = payer.simulator.act("pay", order=url, person=person)
        assert query(payer)["payer"] == {"openid": paid["openid"]}

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"appid": "wx0"}, "APPID_MCHID_NOT_MATCH"),
            ({"mchid": "1"}, "PARAM_ERROR"),
            ({"out_trade_no": "短"}, "PARAM_ERROR"),
            ({"amount": {"total": 0}}, "PARAM_ERROR"),
            ({"payer": {}}, "PARAM_ERROR"),
            ({"notify_url": "http://shop.example/pay"}, "PARAM_ERROR"),
            ({"notify_url": "https://shop.example/pay?a=1"}, "PARAM_ERROR"),
            ({"description": "长" * 128}, "PARAM_ERROR"),
        ],
    )
    def test_forms(self, payer: Payer, changed: dict[str, object], code: str) -> None:
        assert payer.refused(JSAPI, {**payer.order(), **changed}) == (400, code)

    def test_nothing_there(self, payer: Payer) -> None:
        answer = payer.ask("GET", f"/v3/pay/transactions/out-trade-no/NOTHING?mchid={payer.merchant.mchid}")
        assert (answer.status_code, answer.json()["code"]) == (404, "ORDER_NOT_EXIST")


class TestNotifications:
    def test_they_are_sealed_and_signed(self, payer: Payer) -> None:
        with receiving() as address:
            order = payer.paid(notify_url=address.url)
            until(lambda: not payer.pay.notices)
        (came,) = address.received
        assert payer.verifies(came.headers, came.raw)
        kind, resource = payer.opened(came.raw)
        assert (kind, resource["transaction_id"], resource["trade_state"]) == ("TRANSACTION.SUCCESS", order.transaction_id, "SUCCESS")

    def test_they_are_repeated_on_the_schedule_until_they_are_received(self, payer: Payer) -> None:
        with receiving() as address:
            address.answers.extend([500, 404, 200])
            payer.paid(notify_url=address.url)
            for number, wait in enumerate(RETRIES[:2], 1):
                until(lambda number=number: len(address.received) == number and host.is_quiet(payer.simulator.world))
                payer.simulator.advance(wait - 2)
                assert len(address.received) == number
                payer.simulator.advance(3)
            until(lambda: not payer.pay.notices)
        assert len({one.raw for one in address.received}) == 1
        assert [one["status"] for one in payer.pay.told[0].attempts] == [500, 404, 200]

    def test_after_the_last_repeat_they_are_given_up(self, payer: Payer) -> None:
        payer.paid(notify_url="http://127.0.0.1:9/nobody")
        for wait in (*RETRIES, 1):
            until(lambda: host.is_quiet(payer.simulator.world))
            payer.simulator.advance(wait + 1)
        until(lambda: not payer.pay.notices)
        assert (payer.pay.told[0].is_given_up, len(payer.pay.told[0].attempts)) == (True, len(RETRIES) + 1)
        assert sum(RETRIES) == 86_640

    def test_whoever_accepts_a_probe_is_found_out(self, payer: Payer) -> None:
        payer.pay.faults.upcoming.append("probe")
        payer.pay.faults.upcoming.append("notice_twice")
        with receiving() as address:
            payer.post(JSAPI, payer.order(notify_url=address.url))
            payer.pay.faults.upcoming.append("probe")
            payer.simulator.act("pay", order="ORDER0001")
            until(lambda: len(address.received) == 1)
            payer.simulator.advance(20)
            until(lambda: not payer.pay.notices)
        verified = [payer.verifies(one.headers, one.raw) for one in address.received]
        assert verified == [False, True, True]


class TestRefunds:
    def ask(self, payer: Payer, number: str = "R1", amount: int = 4_000, **more: object) -> dict[str, object]:
        body: dict[str, object] = {"out_trade_no": "ORDER0001", "out_refund_no": number}
        return body | {"amount": {"refund": amount, "total": 10_000, "currency": "CNY"}} | more

    def test_a_refund_is_under_way_and_then_arrives(self, payer: Payer) -> None:
        with receiving() as address:
            payer.paid()
            told = payer.post(REFUNDS, self.ask(payer, notify_url=address.url))
            assert (told["status"], told["channel"], told["amount"]["refund"]) == ("PROCESSING", "ORIGINAL", 4_000)
            assert payer.post(REFUNDS, self.ask(payer, notify_url=address.url)) == told
            payer.simulator.advance(5)
            assert payer.get(f"{REFUNDS}/R1")["status"] == "SUCCESS"
            until(lambda: bool(address.received))
        kind, resource = payer.opened(address.received[0].raw)
        assert (kind, resource["refund_status"], "status" in resource) == ("REFUND.SUCCESS", "SUCCESS", False)
        assert query(payer)["trade_state"] == "REFUND"

    def test_limits(self, payer: Payer) -> None:
        payer.paid()
        payer.post(REFUNDS, self.ask(payer))
        assert payer.refused(REFUNDS, self.ask(payer, amount=1)) == (400, "INVALID_REQUEST")
        assert payer.refused(REFUNDS, self.ask(payer, "R2")) == (429, "FREQUENCY_LIMITED")
        payer.simulator.advance(61)
        assert payer.refused(REFUNDS, self.ask(payer, "R2", 6_001)) == (400, "INVALID_REQUEST")
        payer.merchant.available = 10
        assert payer.refused(REFUNDS, self.ask(payer, "R2", 6_000)) == (403, "NOT_ENOUGH")
        payer.merchant.available = 6_000
        payer.post(REFUNDS, self.ask(payer, "R2", 6_000))
        payer.simulator.advance(366 * 86_400)
        assert payer.refused(REFUNDS, self.ask(payer, "R3", 1)) == (400, "INVALID_REQUEST")
        assert payer.refused(REFUNDS, self.ask(payer, "R4") | {"out_trade_no": "NOTHING"}) == (404, "RESOURCE_NOT_EXISTS")

    def test_a_stuck_refund_is_sent_elsewhere(self, payer: Payer) -> None:
        payer.paid()
        payer.simulator.act("pay_fault", fault="refund_abnormal")
        told = payer.post(REFUNDS, self.ask(payer))
        payer.simulator.advance(5)
        assert payer.get(f"{REFUNDS}/R1")["status"] == "ABNORMAL"
        body = {"out_refund_no": "R1", "type": "MERCHANT_BANK_CARD"}
        payer.post(f"{REFUNDS}/{told['refund_id']}/apply-abnormal-refund", body)
        payer.simulator.advance(5)
        assert payer.get(f"{REFUNDS}/R1")["status"] == "SUCCESS"

    def test_a_closed_refund_gives_the_money_back(self, payer: Payer) -> None:
        payer.paid()
        before = payer.merchant.available
        payer.simulator.act("pay_fault", fault="refund_closed")
        payer.post(REFUNDS, self.ask(payer))
        payer.simulator.advance(5)
        assert payer.get(f"{REFUNDS}/R1")["status"] == "CLOSED"
        assert (payer.merchant.available, query(payer)["trade_state"]) == (before, "SUCCESS")
