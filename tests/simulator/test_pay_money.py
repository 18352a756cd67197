"""Transfers to people and profit sharing: who gets what, when, and that a number stands for one payment."""

from typing import Any

import pytest

from tests.simulator.test_pay_orders import until
from tests.support.payer import Payer
from tests.support.receiver import receiving
from tests.support.simulator import Simulator

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
SHARING = "/v3/profitsharing"
JOB = [{"info_type": "岗位类型", "info_content": "推客"}, {"info_type": "报酬说明", "info_content": "三月佣金"}]


@pytest.fixture
def payer(anew: Simulator) -> Payer:
    return Payer.of(anew)


def bill(payer: Payer, number: str = "BILL1", amount: int = 1_234, **more: Any) -> dict[str, Any]:
    person = payer.simulator.world.people.get("payee") or payer.simulator.world.new_person("推客小李", unionid="payee")
    return {
        "appid": payer.merchant.appids[0],
        "out_bill_no": number,
        "transfer_scene_id": "1005",
        "openid": payer.simulator.world.openid(person, payer.merchant.appids[0]),
        "transfer_amount": amount,
        "transfer_remark": "三月佣金",
        "user_recv_perception": "劳务报酬",
        "transfer_scene_report_infos": JOB,
        **more,
    }


def state(payer: Payer, number: str = "BILL1") -> str:
    return str(payer.get(f"{BILLS}/out-bill-no/{number}")["state"])


class TestTransfers:
    def test_a_person_confirms_and_has_the_money(self, payer: Payer) -> None:
        with receiving() as address:
            before = payer.merchant.available
            told = payer.post(BILLS, bill(payer, notify_url=address.url))
            assert (told["state"], state(payer)) == ("WAIT_USER_CONFIRM", "WAIT_USER_CONFIRM")
            payer.simulator.act("confirm_transfer", transfer=told["package_info"], person="payee")
            assert state(payer) == "TRANSFERING"
            payer.simulator.advance(2)
            assert state(payer) == "SUCCESS"
            assert before - payer.merchant.available == 1_234
            by_theirs = payer.get(f"{BILLS}/transfer-bill-no/{told['transfer_bill_no']}")
            assert (by_theirs["out_bill_no"], by_theirs["mch_id"]) == ("BILL1", payer.merchant.mchid)
            until(lambda: bool(address.received))
        kind, resource = payer.opened(address.received[0].raw)
        assert (kind, resource["state"], resource["out_bill_no"]) == ("MCHTRANSFER.BILL.FINISHED", "SUCCESS", "BILL1")

    def test_the_same_number_never_pays_twice(self, payer: Payer) -> None:
        before = payer.merchant.available
        payer.simulator.act("pay_fault", fault="error_after")
        assert payer.refused(BILLS, bill(payer)) == (500, "SYSTEM_ERROR")
        first = payer.post(BILLS, bill(payer))
        assert payer.post(BILLS, bill(payer)) == first
        assert payer.refused(BILLS, bill(payer, amount=1)) == (400, "INVALID_REQUEST")
        payer.simulator.act("confirm_transfer", transfer="BILL1")
        payer.simulator.advance(2)
        assert payer.post(BILLS, bill(payer))["state"] == "SUCCESS"
        assert before - payer.merchant.available == 1_234

    def test_nobody_confirms(self, payer: Payer) -> None:
        before = payer.merchant.available
        package = payer.post(BILLS, bill(payer))["package_info"]
        payer.simulator.advance(24 * 3_600 + 1)
        told = payer.get(f"{BILLS}/out-bill-no/BILL1")
        assert (told["state"], told["fail_reason"], payer.merchant.available) == ("FAIL", "OVERDUE_CLOSE", before)
        assert payer.simulator.http.post("/simulator/actions/confirm_transfer", json={"transfer": package}).status_code == 400
        assert payer.post(BILLS, bill(payer))["state"] == "FAIL"

    def test_it_is_taken_back_or_fails(self, payer: Payer) -> None:
        before = payer.merchant.available
        payer.post(BILLS, bill(payer))
        assert payer.post(f"{BILLS}/out-bill-no/BILL1/cancel", {})["state"] == "CANCELING"
        payer.simulator.advance(2)
        assert state(payer) == "CANCELLED"
        payer.post(BILLS, bill(payer, "BILL2"))
        payer.simulator.act("pay_fault", fault="transfer_fails")
        payer.simulator.act("confirm_transfer", transfer="BILL2")
        payer.simulator.advance(2)
        told = payer.get(f"{BILLS}/out-bill-no/BILL2")
        assert (told["state"], told["fail_reason"], payer.merchant.available) == ("FAIL", "PAYEE_ACCOUNT_ABNORMAL", before)
        assert payer.refused(f"{BILLS}/out-bill-no/BILL2/cancel", {}) == (400, "INVALID_REQUEST")

    def test_one_that_is_slowly_accepted_has_no_package_yet(self, payer: Payer) -> None:
        payer.simulator.act("pay_fault", fault="transfer_slowly_accepted")
        told = payer.post(BILLS, bill(payer))
        assert (told["state"], "package_info" in told) == ("ACCEPTED", False)
        payer.simulator.advance(31)
        assert "package_info" in payer.post(BILLS, bill(payer))

    @pytest.mark.parametrize(
        ("changed", "status", "code"),
        [
            ({"transfer_scene_report_infos": []}, 400, "PARAM_ERROR"),
            ({"transfer_scene_report_infos": JOB[:1]}, 400, "PARAM_ERROR"),
            ({"user_recv_perception": "现金奖励"}, 400, "INVALID_REQUEST"),
            ({"transfer_scene_id": "9999"}, 403, "NO_AUTH"),
            ({"transfer_amount": 200_000}, 400, "PARAM_ERROR"),
            ({"transfer_amount": 20_000_000, "user_name": "sealed"}, 403, "NOT_ENOUGH"),
            ({"out_bill_no": "no-dash"}, 400, "PARAM_ERROR"),
            ({"transfer_remark": "长" * 33}, 400, "PARAM_ERROR"),
        ],
    )
    def test_refusals(self, payer: Payer, changed: dict[str, Any], status: int, code: str) -> None:
        headers = {}
        if changed.get("user_name"):
            changed["user_name"], headers["Wechatpay-Serial"] = payer.sealed("李小明")
        assert payer.refused(BILLS, bill(payer, **changed), **headers) == (status, code)

    def test_a_name_is_sealed_for_the_key_that_is_named(self, payer: Payer) -> None:
        sealed, serial = payer.sealed("李小明")
        asked = bill(payer, amount=200_000, user_name=sealed)
        assert payer.refused(BILLS, asked) == (400, "PARAM_ERROR")
        assert payer.refused(BILLS, asked, **{"Wechatpay-Serial": "AB"}) == (400, "PARAM_ERROR")
        first = payer.post(BILLS, asked, **{"Wechatpay-Serial": serial})
        # Sealed anew it reads otherwise, and is the same request.
        again, serial = payer.sealed("李小明")
        assert payer.post(BILLS, {**asked, "user_name": again}, **{"Wechatpay-Serial": serial}) == first


class TestSharing:
    def ready(self, payer: Payer, total: int = 10_000) -> str:
        """A paid order to share, one merchant and one person who may receive; a minute has passed."""
        name, serial = payer.sealed("供货商有限公司")
        receiver = {"appid": payer.merchant.appids[0], "type": "MERCHANT_ID", "account": "1999999999", "name": name}
        payer.post(f"{SHARING}/receivers/add", {**receiver, "relation_type": "SUPPLIER"}, **{"Wechatpay-Serial": serial})
        person = {"appid": payer.merchant.appids[0], "type": "PERSONAL_OPENID", "account": "o_guide"}
        payer.post(f"{SHARING}/receivers/add", {**person, "relation_type": "STAFF"})
        order = payer.paid(total=total, settle_info={"profit_sharing": True})
        payer.simulator.advance(61)
        return order.transaction_id

    def ask(self, payer: Payer, transaction: str, number: str = "P1", amount: int = 1_000, **more: Any) -> dict[str, Any]:
        part = {"type": "PERSONAL_OPENID", "account": "o_guide", "amount": amount, "description": "导购分佣"}
        body = {"appid": payer.merchant.appids[0], "transaction_id": transaction, "out_order_no": number, "receivers": [part]}
        return {**body, "unfreeze_unsplit": False, **more}

    def left(self, payer: Payer, transaction: str) -> int:
        return int(payer.get(f"{SHARING}/transactions/{transaction}/amounts")["unsplit_amount"])

    def test_parts_arrive_and_the_rest_is_released(self, payer: Payer) -> None:
        before = payer.merchant.available
        transaction = self.ready(payer)
        assert (payer.merchant.available, self.left(payer, transaction)) == (before, 9_940)
        told = payer.post(f"{SHARING}/orders", self.ask(payer, transaction))
        assert (told["state"], told["receivers"][0]["result"]) == ("PROCESSING", "PENDING")
        assert payer.post(f"{SHARING}/orders", self.ask(payer, transaction)) == told
        assert payer.refused(f"{SHARING}/orders", self.ask(payer, transaction, amount=1)) == (400, "INVALID_REQUEST")
        payer.simulator.advance(3)
        told = payer.get(f"{SHARING}/orders/P1?transaction_id={transaction}")
        assert (told["state"], told["receivers"][0]["result"], self.left(payer, transaction)) == ("FINISHED", "SUCCESS", 8_940)
        body = {"transaction_id": transaction, "out_order_no": "P2", "description": "解冻"}
        payer.post(f"{SHARING}/orders/unfreeze", body)
        payer.simulator.advance(3)
        assert (payer.merchant.available - before, self.left(payer, transaction)) == (8_940, 0)

    def test_the_largest_share(self, payer: Payer) -> None:
        transaction = self.ready(payer)
        config = payer.get(f"{SHARING}/merchant-configs/{payer.merchant.mchid}")
        assert config == {"sub_mchid": payer.merchant.mchid, "max_ratio": 3_000}
        answer = payer.ask("POST", f"{SHARING}/orders", self.ask(payer, transaction, amount=3_001))
        assert answer.json()["message"] == "分账金额超出最大分账比例"
        payer.post(f"{SHARING}/orders", self.ask(payer, transaction, amount=3_000))
        assert payer.refused(f"{SHARING}/orders", self.ask(payer, transaction, "P2", 1)) == (400, "INVALID_REQUEST")
        payer.merchant.max_ratio = 10_000
        assert payer.refused(f"{SHARING}/orders", self.ask(payer, transaction, "P2", 6_941)) == (403, "NOT_ENOUGH")

    def test_refusals(self, payer: Payer) -> None:
        transaction = self.ready(payer)
        stranger = {"type": "PERSONAL_OPENID", "account": "o_stranger", "amount": 1, "description": "x"}
        answer = payer.ask("POST", f"{SHARING}/orders", self.ask(payer, transaction, receivers=[stranger]))
        assert answer.json()["message"] == "分账接收方关系不存在，请检查参数中每个接收方的关系"
        plain = payer.paid("ORDER0002")
        answer = payer.ask("POST", f"{SHARING}/orders", self.ask(payer, plain.transaction_id))
        assert answer.json()["message"] == "非分账订单不支持分账"
        fresh = payer.paid("ORDER0003", settle_info={"profit_sharing": True})
        answer = payer.ask("POST", f"{SHARING}/orders", self.ask(payer, fresh.transaction_id))
        assert answer.json()["message"] == "订单处理中，请稍后重试"
        payer.merchant.can_share = False
        assert payer.refused(f"{SHARING}/orders", self.ask(payer, transaction)) == (403, "NO_AUTH")

    def test_a_part_that_cannot_arrive_stays(self, payer: Payer) -> None:
        transaction = self.ready(payer)
        payer.simulator.act("pay_fault", fault="share_fails")
        payer.post(f"{SHARING}/orders", self.ask(payer, transaction))
        payer.simulator.advance(3)
        part = payer.get(f"{SHARING}/orders/P1?transaction_id={transaction}")["receivers"][0]
        assert (part["result"], part["fail_reason"], self.left(payer, transaction)) == ("CLOSED", "ACCOUNT_ABNORMAL", 9_940)

    def test_a_merchant_gives_its_part_back(self, payer: Payer) -> None:
        transaction = self.ready(payer)
        part = {"type": "MERCHANT_ID", "account": "1999999999", "amount": 500, "description": "货款"}
        payer.post(f"{SHARING}/orders", self.ask(payer, transaction, receivers=[part]))
        payer.simulator.advance(3)
        body = {"out_order_no": "P1", "out_return_no": "B1", "return_mchid": "1999999999", "amount": 200, "description": "退款"}
        assert payer.post(f"{SHARING}/return-orders", body)["result"] == "PROCESSING"
        payer.simulator.advance(3)
        assert payer.get(f"{SHARING}/return-orders/B1?out_order_no=P1")["result"] == "SUCCESS"
        assert self.left(payer, transaction) == 9_640
        assert payer.refused(f"{SHARING}/return-orders", {**body, "out_return_no": "B2", "amount": 301}) == (400, "INVALID_REQUEST")

    def test_what_nobody_shares_is_released_after_thirty_days(self, payer: Payer) -> None:
        before = payer.merchant.available
        transaction = self.ready(payer)
        payer.simulator.advance(30 * 86_400 + 1)
        assert (payer.merchant.available - before, self.left(payer, transaction)) == (9_940, 0)

    def test_a_refund_takes_what_is_frozen_first(self, payer: Payer) -> None:
        transaction = self.ready(payer)
        before = payer.merchant.available
        body = {"transaction_id": transaction, "out_refund_no": "R1", "amount": {"refund": 4_000, "total": 10_000, "currency": "CNY"}}
        payer.post("/v3/refund/domestic/refunds", body)
        assert (payer.merchant.available, self.left(payer, transaction)) == (before, 5_940)
