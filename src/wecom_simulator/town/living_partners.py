"""People of other corps who add a guide of the brand from their own WeCom: suppliers, kindergartens, couriers."""

from wecom_simulator import actions
from wecom_simulator.external import friends
from wecom_simulator.town import names
from wecom_simulator.town.living import Life, doing
from wecom_simulator.town.living_doings import tried
from wecom_simulator.world import World

_PARTNERS = (("晨曦幼儿园", "采购"), ("安心物流", "客户经理"), ("童悦摄影", "店长"), ("蓝天纸业", "销售"), ("和美月子中心", "护士长"))


@doing
def partner(world: World, life: Life, number: int) -> None:
    """Add a guide as a WeCom user of another corp."""
    corp_name, position = _PARTNERS[number % len(_PARTNERS)]
    unionid = f"town-{life.seed}-partner-{number}"
    if unionid in world.people:
        return
    who = world.new_person(names.given_name(life.seed, "partner", number, male=number % 2 == 0), unionid=unionid)
    actions.work_elsewhere(world, who.unionid, corp_name, position)
    guides = [staff.userid for staff in world.corp.staff.values() if staff.is_active]
    tried(life, "partner came", actions.add_by, world, guides[number % len(guides)], unionid, add_way=friends.BY_CARD, half=False)
