"""Older paths that clients still call (pages 91561 and 91564); each has had a newer one since 2020."""

from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external.state import External
from wecom_simulator.external.transfer_calls import resigned_transfer_customer
from wecom_simulator.wecom import endpoint


@endpoint("POST", "externalcontact/get_group_msg_result", defaults={"detail_list": []}, permission="customer", is_read=True)
def get_group_msg_result(call: Call) -> dict[str, Any]:
    """What became of every recipient of a mass message, of all its members in one list."""
    task = call.corp.part(External).masses.get(call.text("msgid", code=41046))
    if task is None:
        raise Refused(41047)
    key = "chat_id" if task.chat_type == "group" else "external_userid"
    rows: list[dict[str, Any]] = [
        {key: target, "userid": delivery.userid, "status": status, **({"send_time": at} if at else {})}
        for delivery in task.deliveries.values()
        if call.corp.sees(call.app, delivery.userid)
        for target, (status, at) in delivery.targets.items()
    ]
    return {"check_status": 1, "detail_list": rows}


@endpoint("POST", "externalcontact/transfer", permission="customer")
def transfer(call: Call) -> dict[str, Any]:
    """Hands on one customer of a member who has left."""
    call.body["external_userid"] = [call.text("external_userid", code=41035)]
    (started,) = resigned_transfer_customer(call)["customer"]
    if started["errcode"]:
        raise Refused(started["errcode"])
    return {}
