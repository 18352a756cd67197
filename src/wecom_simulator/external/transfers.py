"""Handing customers on: started by a call, done after a day unless the customer refuses (pages 92125, 94081).

What is done by itself is told to every app, also to the one that started it.
"""

from wecom_simulator.corp import Corp
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import Transfer
from wecom_simulator.registry import timer
from wecom_simulator.world import World

DONE, WAITING, REFUSED, FULL, NONE = 1, 2, 3, 4, 5

_TIMER = "external.transfer"


def obstacle(world: World, corp: Corp, handover: str, takeover: str, external_userid: str) -> int:
    """Give the code that keeps a customer from being handed on, or 0."""
    external = friends.of(corp)
    if external_userid not in external.contacts:
        return 40096
    relation = friends.relation_of(external, handover, external_userid)
    if relation is None or not relation.by_staff or not relation.by_customer:
        return 40131
    if (handover, external_userid) in external.moving:
        return 40129
    if friends.is_full(corp, takeover):
        return 40099
    recent = sum(1 for at in external.moved_at.get(external_userid, ()) if at > world.now() - rules.QUARTER)
    # What a member leaves behind must be handed on however often that happened (only the on-job page has a cap).
    if recent >= corp.settings.transfers_per_quarter and corp.staff[handover].status != 5:
        return 40128
    return 0


def start(world: World, corp: Corp, transfer: Transfer) -> None:
    """Let a transfer begin; the customer is asked."""
    external = friends.of(corp)
    transfer.due = transfer.started + corp.settings.transfer_seconds
    pair = (transfer.handover, transfer.external_userid)
    external.moving[pair] = transfer
    external.transfers.setdefault((transfer.handover, transfer.takeover), {})[transfer.external_userid] = transfer
    external.moved_at[transfer.external_userid] = (*external.moved_at.get(transfer.external_userid, ()), transfer.started)
    world.later(transfer.due, _TIMER, corpid=corp.corpid, handover=pair[0], external_userid=pair[1], started=transfer.started)


def refuse(world: World, corp: Corp, transfer: Transfer) -> None:
    """Let the customer refuse: nothing changes but the status."""
    _ended(corp, transfer, REFUSED)
    _failed(world, corp, transfer, "customer_refused")


@timer(_TIMER)
def fall_due(world: World, corpid: str, handover: str, external_userid: str, started: int) -> None:
    """Complete a transfer that nobody refused."""
    corp = world.corps[corpid]
    transfer = friends.of(corp).moving.get((handover, external_userid))
    if transfer is not None and transfer.started == started:
        complete(world, corp, transfer)


def complete(world: World, corp: Corp, transfer: Transfer) -> None:
    """Give the customer to the member who takes over: tags and notes go along, and no welcome is sent."""
    external, customer = friends.of(corp), transfer.external_userid
    old = friends.relation_of(external, transfer.handover, customer)
    if old is None or not old.by_staff or not old.by_customer:
        _ended(corp, transfer, NONE)
        return
    new = friends.relation_of(external, transfer.takeover, customer)
    if new is None and friends.is_full(corp, transfer.takeover):
        _ended(corp, transfer, FULL)
        _failed(world, corp, transfer, "customer_limit_exceed")
        return
    _ended(corp, transfer, DONE)
    tags, notes = old.tags, old.notes
    old.by_customer = False
    friends.staff_drops(world, corp, old, source="DELETE_BY_TRANSFER")
    arrival = friends.Arrival(friends.ASSIGNED, has_welcome=False, oper=transfer.handover)
    new = friends.befriend(world, corp, transfer.takeover, old.contact.person, arrival)
    if new is not None:
        new.tags, new.notes = tuple(dict.fromkeys([*new.tags, *tags])), new.notes or notes


def _ended(corp: Corp, transfer: Transfer, status: int) -> None:
    external = friends.of(corp)
    transfer.status = status
    external.moving.pop((transfer.handover, transfer.external_userid), None)
    if transfer.has_left and status in {REFUSED, FULL}:
        # Nobody has the customer yet: somebody else may be named.
        external.unassigned[transfer.handover, transfer.external_userid] = corp.staff[transfer.handover].left_at
    if status == NONE:
        external.transfers[transfer.handover, transfer.takeover].pop(transfer.external_userid, None)


def _failed(world: World, corp: Corp, transfer: Transfer, reason: str) -> None:
    fields = {"FailReason": reason, "UserID": transfer.takeover, "ExternalUserID": transfer.external_userid}
    friends.tell(world, corp, "transfer_fail", {**fields})
