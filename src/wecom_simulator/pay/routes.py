"""Which path is answered by which verb."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wecom_simulator.pay import certificates, orders, refunds, sharing, transfers
from wecom_simulator.pay.desk import Desk

Verb = Callable[[Desk], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Route:
    """One path of the API."""

    method: str
    pattern: re.Pattern[str]
    verb: Verb


def _route(method: str, path: str, verb: Verb) -> Route:
    # A number in a path may hold an encoded `|` or `@`.
    return Route(method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/?]+)", path)), verb)


_BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
_SHARING = "/v3/profitsharing"
_REFUNDS = "/v3/refund/domestic/refunds"

ROUTES = (
    _route("GET", "/v3/certificates", certificates.listed),
    _route("POST", "/v3/pay/transactions/jsapi", orders.jsapi),
    _route("POST", "/v3/pay/transactions/native", orders.native),
    _route("POST", "/v3/pay/transactions/app", orders.app),
    _route("POST", "/v3/pay/transactions/h5", orders.h5),
    _route("GET", "/v3/pay/transactions/id/{transaction_id}", orders.by_transaction),
    _route("GET", "/v3/pay/transactions/out-trade-no/{out_trade_no}", orders.by_trade_no),
    _route("POST", "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", orders.close),
    _route("POST", _REFUNDS, refunds.create),
    _route("GET", _REFUNDS + "/{out_refund_no}", refunds.query),
    _route("POST", _REFUNDS + "/{refund_id}/apply-abnormal-refund", refunds.apply_abnormal),
    _route("POST", _BILLS, transfers.create),
    _route("GET", _BILLS + "/out-bill-no/{out_bill_no}", transfers.by_bill_no),
    _route("GET", _BILLS + "/transfer-bill-no/{transfer_bill_no}", transfers.by_transfer_no),
    _route("POST", _BILLS + "/out-bill-no/{out_bill_no}/cancel", transfers.cancel),
    _route("POST", _SHARING + "/receivers/add", sharing.add_receiver),
    _route("POST", _SHARING + "/receivers/delete", sharing.delete_receiver),
    _route("POST", _SHARING + "/orders", sharing.create),
    _route("POST", _SHARING + "/orders/unfreeze", sharing.unfreeze),
    _route("GET", _SHARING + "/orders/{out_order_no}", sharing.query),
    _route("POST", _SHARING + "/return-orders", sharing.give_back),
    _route("GET", _SHARING + "/return-orders/{out_return_no}", sharing.query_return),
    _route("GET", _SHARING + "/transactions/{transaction_id}/amounts", sharing.amounts),
    _route("GET", _SHARING + "/merchant-configs/{sub_mchid}", sharing.max_ratio),
)
