"""wechatpayv3, unchanged but for the host, as a merchant's server: with certificates, through a rotation, with a public key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from tests.simulator.test_pay_orders import until
from tests.support.receiver import receiving
from tests.support.simulator import Simulator, simulating
from wecom_simulator.pay import host, keys
from wecom_simulator.world import World


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """The library looks at the machine's clock."""
    with simulating(World()) as found:
        yield found


def connected(
    simulator: Simulator, folder: Path, *, notify_url: str = "https://shop.example/pay", by_public_key: bool = False
) -> WeChatPay:
    pay = host.pay_of(simulator.world)
    merchant = next(iter(pay.merchants.values()))
    known: dict[str, Any] = {}
    if by_public_key:
        assert pay.public_key
        known = {"public_key": keys.public_pem(pay.public_key.private_key), "public_key_id": pay.public_key.serial}
    else:
        # The certificate as it was downloaded before; later ones are fetched by the library itself.
        (folder / f"{pay.certificates[0].serial}.pem").write_text(pay.certificates[0].certificate)
        known = {"cert_dir": str(folder)}
    client = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=merchant.mchid,
        private_key=merchant.private_key,
        cert_serial_no=merchant.serial_no,
        apiv3_key=merchant.api_key,
        appid=merchant.appids[0],
        notify_url=notify_url,
        **known,
    )
    client._core._gate_way = f"{simulator.url}/pay"
    return client


def asked(answer: tuple[int, str], status: int = 200) -> dict[str, Any]:
    code, text = answer
    assert code == status, text
    return dict(json.loads(text)) if text else {}


@pytest.mark.parametrize("by_public_key", [False, True])
def test_a_merchants_day(simulator: Simulator, tmp_path: Path, by_public_key: bool) -> None:
    simulator.act("use_public_key", mode="public_key" if by_public_key else "certificate")
    pay = host.pay_of(simulator.world)
    pay.limits.share_wait_seconds = 0
    pay.limits.refund_seconds = pay.limits.share_seconds = pay.limits.transfer_seconds = 0.1
    person = simulator.world.new_person("付款人").unionid
    with receiving() as address:
        client = connected(simulator, tmp_path, notify_url=address.url, by_public_key=by_public_key)
        openid = simulator.world.openid(simulator.world.person(person), client._appid)
        shared = {"profit_sharing": True}
        prepay = asked(client.pay("燕麦奶", "ORDER0001", {"total": 9_990}, payer={"openid": openid}, settle_info=shared, attach="门店 7"))[
            "prepay_id"
        ]
        paid = simulator.act("pay", order=prepay, person=person)
        until(lambda: len(address.received) == 1)
        told = client.callback(address.received[0].headers, address.received[0].raw)
        assert (told["event_type"], told["resource"]["transaction_id"]) == ("TRANSACTION.SUCCESS", paid["transaction_id"])

        assert asked(client.query(out_trade_no="ORDER0001"))["trade_state"] == "SUCCESS"
        asked(client.profitsharing_add_receiver("PERSONAL_OPENID", "o_guide", "STAFF"))
        part = [{"type": "PERSONAL_OPENID", "account": "o_guide", "amount": 500, "description": "导购"}]
        asked(client.profitsharing_order(paid["transaction_id"], "P1", part, unfreeze_unsplit=False))
        until(lambda: asked(client.profitsharing_order_query(paid["transaction_id"], "P1"))["state"] == "FINISHED")
        assert asked(client.profitsharing_amount_query(paid["transaction_id"]))["unsplit_amount"] == 9_990 - 60 - 500

        amount = {"refund": 990, "total": 9_990, "currency": "CNY"}
        asked(client.refund("R1", amount=amount, out_trade_no="ORDER0001"))
        until(lambda: asked(client.query_refund("R1"))["status"] == "SUCCESS")

        infos = [{"info_type": "岗位类型", "info_content": "推客"}, {"info_type": "报酬说明", "info_content": "佣金"}]
        made = asked(client.mch_transfer_bills("BILL1", "1005", openid, 250_000, "佣金", "王小明", "劳务报酬", infos))
        assert made["state"] == "WAIT_USER_CONFIRM"
        simulator.act("confirm_transfer", transfer=made["package_info"], person=person)
        until(lambda: asked(client.mch_transfer_bills_query("BILL1"))["state"] == "SUCCESS")


def test_a_certificate_is_replaced_in_mid_run(simulator: Simulator, tmp_path: Path) -> None:
    client = connected(simulator, tmp_path)
    simulator.act("rotate_platform_certificate")
    order = client.pay("茶", "ORDER0001", {"total": 1}, payer={"openid": "o1"})
    assert asked(order)["prepay_id"]
    assert client.close("ORDER0001")[0] == 204


def test_a_probe_is_refused_by_the_library(simulator: Simulator, tmp_path: Path) -> None:
    client = connected(simulator, tmp_path)
    simulator.act("pay_fault", fault="probe")
    with pytest.raises(Exception, match="failed to verify the signature"):
        client.pay("茶", "ORDER0001", {"total": 1}, payer={"openid": "o1"})
    assert asked(client.query(out_trade_no="ORDER0001"))["trade_state"] == "NOTPAY"


def test_refusals_are_readable(simulator: Simulator, tmp_path: Path) -> None:
    client = connected(simulator, tmp_path)
    assert asked(client.query(out_trade_no="NOTHING"), 404)["code"] == "ORDER_NOT_EXIST"
    client._core._cert_serial_no = "00"
    assert asked(client.query(out_trade_no="NOTHING"), 401)["code"] == "SIGN_ERROR"
