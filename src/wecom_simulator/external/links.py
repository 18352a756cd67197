"""获客 links: who is added by them, the quota of additions, and what the corp hears (page 97299)."""

from wecom_simulator.corp import App, Corp
from wecom_simulator.events import Event, Value
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import Application, External, Link, LinkCustomer, QuotaLot, Relation
from wecom_simulator.world import Person, World

_EVENT = "customer_acquisition"
# Below this many left the corp is told.
_LOW = 20
_YEAR = 365 * rules.DAY

STATE_BYTES = 64
CHAT_KEY_SECONDS = 1800


def tell(world: World, corp: Corp, change: str, fields: dict[str, Value] | None = None, origin: App | None = None) -> None:
    """Emit an event of the links."""
    world.emit(Event(_EVENT, change, fields or {}), corp=corp, by=origin)


def quota(world: World, corp: Corp) -> list[QuotaLot]:
    """Give the bought additions that are still good; a corp begins with those of its settings."""
    external, now = friends.of(corp), world.now()
    if not external.quota:
        total = corp.settings.acquisition_quota
        external.quota.append(QuotaLot(rules.midnight(rules.day_of(now + _YEAR)), total, total))
    return [lot for lot in external.quota if lot.expires > now]


def balance(world: World, corp: Corp) -> int:
    """Count the additions left."""
    return sum(lot.balance for lot in quota(world, corp))


def buy(world: World, corp: Corp, count: int) -> None:
    """Add to the quota; from nothing to something is told."""
    was = balance(world, corp)
    expires = rules.midnight(rules.day_of(world.now() + _YEAR))
    friends.of(corp).quota.append(QuotaLot(expires, count, count))
    if not was and count:
        tell(world, corp, "balance_increased")


def state_of(channel: str) -> str:
    """Cut `customer_channel` at 64 bytes, never inside a character."""
    return channel.encode()[:STATE_BYTES].decode(errors="ignore")


def click(world: World, link: Link) -> None:
    """Count somebody who opened a link, whatever they do then."""
    day = rules.day_of(world.now())
    link.clicks[day] = link.clicks.get(day, 0) + 1


def open_link(world: World, corp: Corp, link: Link, person: Person, channel: str = "") -> Relation | None:
    """Let somebody follow a link: added at once, or waiting for the member, or refused where nobody or no quota is left."""
    state = state_of(channel)
    click(world, link)
    contact = friends.contact_of(corp, person)
    preferred = link.fields["priority_option"].get("priority_type", 0)
    listed = set(link.fields["priority_option"].get("priority_userid_list", ()))
    for relation in contact.relations:
        if relation.by_staff and relation.by_customer and preferred and (preferred == 1 or relation.userid in listed):
            return relation
    userid = _next(corp, link)
    if not userid:
        tell(world, corp, "link_unavailable", {"LinkId": link.link_id})
        return None
    if not balance(world, corp):
        return None
    if state:
        tell(world, corp, "friend_request", {"LinkId": link.link_id, "State": state})
    if not link.fields["skip_verify"]:
        friends.apply(world, corp, userid, person, Application(world.now(), friends.BY_LINK, state, link_id=link.link_id))
        return None
    return add(world, corp, link, userid, person, state)


def add(world: World, corp: Corp, link: Link, userid: str, person: Person, state: str) -> Relation | None:
    """Make the friendship and use up one addition."""
    relation = friends.befriend(world, corp, userid, person, friends.Arrival(friends.BY_LINK, state))
    if relation is None:
        return None
    day = rules.day_of(world.now())
    link.arrivals[day] = link.arrivals.get(day, 0) + 1
    link.customers[relation.external_userid] = LinkCustomer(userid, relation.external_userid, world.now(), state)
    _use(world, corp)
    return relation


def heard(world: World, corp: Corp, relation: Relation) -> None:
    """Count a customer's message; the first and the later ones are told each in their way."""
    external = friends.of(corp)
    if relation.add_way != friends.BY_LINK:
        return
    for link in external.links.values():
        customer = link.customers.get(relation.external_userid)
        if customer is None or customer.userid != relation.userid:
            continue
        customer.messages += 1
        fields: dict[str, Value] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
        if customer.messages == 1:
            tell(world, corp, "customer_start_chat", fields)
            return
        key = world.identifier("", 40)
        external.chat_keys[key] = (world.now(), link.link_id, relation.external_userid)
        _forget_keys(external, world.now())
        # The link and the count stand in newer recordings of this event only; the page's own list of fields was not found.
        tell(world, corp, "message_from_customer", {**fields, "LinkId": link.link_id, "ChatSeq": customer.messages, "ChatKey": key})
        return


def usable_members(corp: Corp, link: Link) -> list[str]:
    """List the members of a link who can take somebody more."""
    named = dict.fromkeys(link.fields["range"]["user_list"])
    nodes = {node for one in link.fields["range"]["department_list"] if one in corp.departments for node in corp.below(one)}
    for staff in corp.staff.values():
        if not nodes.isdisjoint(staff.departments):
            named[staff.userid] = None
    return [one for one in named if one in corp.staff and corp.staff[one].is_active and not friends.is_full(corp, one)]


def _next(corp: Corp, link: Link) -> str:
    members = usable_members(corp, link)
    if not members:
        return ""
    link.turn += 1
    return members[(link.turn - 1) % len(members)]


def _use(world: World, corp: Corp) -> None:
    lots = [lot for lot in quota(world, corp) if lot.balance]
    if not lots:
        return
    min(lots, key=lambda lot: lot.expires).balance -= 1
    left = balance(world, corp)
    if left == 0:
        tell(world, corp, "balance_exhausted")
    elif left == _LOW - 1:
        tell(world, corp, "balance_low")


def _forget_keys(external: External, now: int) -> None:
    while external.chat_keys:
        oldest = next(iter(external.chat_keys))
        if external.chat_keys[oldest][0] > now - CHAT_KEY_SECONDS:
            return
        del external.chat_keys[oldest]
