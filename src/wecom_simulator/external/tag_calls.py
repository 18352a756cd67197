"""The tag library over HTTP (pages 92117, 92118) and the tags of rule groups (page 94882)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, scope, tags
from wecom_simulator.external.state import Fields, Json, Tag, TagGroup
from wecom_simulator.wecom import endpoint

_NAME_MOST = 30
_BAD_TAG = 40068
_BAD_NAME = 40072


@endpoint("POST", "externalcontact/get_corp_tag_list", defaults={"tag_group": []}, permission="customer")
def get_corp_tag_list(call: Call) -> Fields:
    """List the library."""
    return _listed(call, 0)


@endpoint("POST", "externalcontact/add_corp_tag", permission="customer")
def add_corp_tag(call: Call) -> Fields:
    """Add tags to a new or a known group."""
    return _added(call, 0)


@endpoint("POST", "externalcontact/edit_corp_tag", permission="customer")
def edit_corp_tag(call: Call) -> Fields:
    """Rename or move a tag or group that the app made."""
    return _edited(call, 0)


@endpoint("POST", "externalcontact/del_corp_tag", permission="customer")
def del_corp_tag(call: Call) -> Fields:
    """Delete tags and groups."""
    return _deleted(call, 0)


@endpoint("POST", "externalcontact/get_strategy_tag_list", defaults={"tag_group": []}, permission="customer")
def get_strategy_tag_list(call: Call) -> Fields:
    """List the tags of a rule group."""
    return _listed(call, fields.whole(call.body, "strategy_id", 0))


@endpoint("POST", "externalcontact/add_strategy_tag", permission="customer")
def add_strategy_tag(call: Call) -> Fields:
    """Add tags to a rule group."""
    return _added(call, fields.whole(call.body, "strategy_id", 0, least=1))


@endpoint("POST", "externalcontact/edit_strategy_tag", permission="customer")
def edit_strategy_tag(call: Call) -> Fields:
    """Rename or move a tag of a rule group."""
    return _edited(call, -1)


@endpoint("POST", "externalcontact/del_strategy_tag", permission="customer")
def del_strategy_tag(call: Call) -> Fields:
    """Delete tags of a rule group."""
    return _deleted(call, -1)


@endpoint("POST", "externalcontact/mark_tag", permission="customer")
def mark_tag(call: Call) -> Fields:
    """Tag one customer of one member."""
    put, lift = fields.texts(call.body, "add_tag"), fields.texts(call.body, "remove_tag")
    relation = scope.pair(call, fields.text(call.body, "userid"), fields.text(call.body, "external_userid"))
    if not put and not lift:
        raise Refused(41017)
    tags.mark(call.corp, relation, put, lift)
    return {}


def _listed(call: Call, strategy_id: int) -> Fields:
    external = scope.external_of(call)
    tag_ids = fields.texts(call.body, "tag_id", most=1000)
    group_ids = fields.texts(call.body, "group_id", most=1000)
    if tag_ids:
        asked = [tag for tag_id in tag_ids if (tag := external.tags.get(tag_id))]
        homes = dict.fromkeys(tag.group_id for tag in asked)
        groups = [external.tag_groups[group_id] for group_id in homes]
        return {"tag_group": [_group(group, [tag for tag in asked if tag.group_id == group.group_id]) for group in groups]}
    if group_ids:
        groups = [group for group_id in group_ids if (group := external.tag_groups.get(group_id))]
        every = [[external.tags[tag_id] for tag_id in group.tag_ids] for group in groups]
        shown = [[tag for tag in rows if group.is_deleted or not tag.is_deleted] for group, rows in zip(groups, every, strict=True)]
        return {"tag_group": [_group(group, rows) for group, rows in zip(groups, shown, strict=True)]}
    living = tags.living_groups(external, strategy_id)
    return {"tag_group": [_group(group, tags.living_tags(external, group)) for group in living]}


def _added(call: Call, strategy_id: int) -> Fields:
    external, body = scope.external_of(call), call.body
    drafts = fields.parts(body, "tag")
    if not drafts:
        raise Refused(41017)
    names = {
        fields.text(draft, "name", most=_NAME_MOST, missing=_BAD_NAME, bad=_BAD_NAME): fields.whole(draft, "order", 0) for draft in drafts
    }
    group_id = fields.text(body, "group_id")
    if group_id:
        group = external.tag_groups.get(group_id)
        if group is None or group.is_deleted or group.strategy_id != strategy_id:
            raise Refused(_BAD_TAG)
        draft = group
    else:
        name = fields.text(body, "group_name", most=_NAME_MOST, missing=_BAD_TAG, bad=_BAD_NAME)
        group = tags.group_named(external, name, strategy_id)
        draft = TagGroup("", name, 0, fields.whole(body, "order", 0), strategy_id)
    group, made = tags.add(call.world, call.corp, group, draft, names, call.app)
    return {"tag_group": _group(group, made)}


def _edited(call: Call, strategy_id: int) -> Fields:
    external, body = scope.external_of(call), call.body
    id_ = fields.text(body, "id", missing=_BAD_TAG)
    name = fields.text(body, "name", most=_NAME_MOST, bad=_BAD_NAME)
    order = fields.whole(body, "order", -1) if "order" in body else None
    found = _known(call, external.tags.get(id_) or external.tag_groups.get(id_), strategy_id)
    # An app edits only what it made (page 92117).
    if found.agent != str(call.app.agent_id):
        raise Refused(60011)
    tags.rename(call.world, call.corp, id_, name, order, call.app)
    return {}


def _deleted(call: Call, strategy_id: int) -> Fields:
    external = scope.external_of(call)
    tag_ids, group_ids = fields.texts(call.body, "tag_id"), fields.texts(call.body, "group_id")
    if not tag_ids and not group_ids:
        raise Refused(_BAD_TAG)
    for found in [*map(external.tags.get, tag_ids), *map(external.tag_groups.get, group_ids)]:
        _known(call, found, strategy_id)
    tags.delete(call.world, call.corp, tag_ids, group_ids, call.app)
    return {}


def _known(call: Call, found: Tag | TagGroup | None, strategy_id: int) -> Tag | TagGroup:
    if found is None or found.is_deleted:
        raise Refused(_BAD_TAG)
    group = found if isinstance(found, TagGroup) else scope.external_of(call).tag_groups[found.group_id]
    if bool(group.strategy_id) != bool(strategy_id):
        raise Refused(_BAD_TAG)
    return found


def _group(group: TagGroup, shown: list[Tag]) -> Fields:
    rows: list[Json] = [_tag(tag) for tag in shown]
    answer: Fields = {"group_id": group.group_id, "group_name": group.name, "create_time": group.created, "order": group.order, "tag": rows}
    if group.is_deleted:
        answer["deleted"] = True
    if group.strategy_id:
        answer["strategy_id"] = group.strategy_id
    return answer


def _tag(tag: Tag) -> Fields:
    answer: Fields = {"id": tag.tag_id, "name": tag.name, "create_time": tag.created, "order": tag.order}
    if tag.is_deleted:
        answer["deleted"] = True
    return answer
