"""What becomes of a member's customers and groups when the member leaves: they wait for somebody to take over."""

from wecom_simulator.corp import App, Corp
from wecom_simulator.events import Event
from wecom_simulator.external import friends
from wecom_simulator.world import World


def leave(world: World, corp: Corp, userid: str, origin: App | None = None) -> int:
    """Let a member leave, and give how many customers are left behind."""
    external, staff, now = friends.of(corp), corp.staff[userid], world.now()
    staff.status, staff.left_at = 5, now
    left = friends.kept_by(external, userid)
    for relation in left:
        external.unassigned[userid, relation.external_userid] = now
    for group in external.groups.values():
        if group.owner == userid and not group.dismissed_at:
            group.status = 1
    world.emit(Event("change_contact", "delete_user", {"UserID": userid}), corp=corp, by=origin)
    return len(left)
