"""The corp's tag library and the tags of customers: what both the endpoints and the console's administrator do."""

from wecom_simulator.corp import App, Corp
from wecom_simulator.errors import Refused
from wecom_simulator.events import Event, Value
from wecom_simulator.external import friends
from wecom_simulator.external.state import External, Relation, Tag, TagGroup
from wecom_simulator.world import World


def tell(world: World, corp: Corp, change: str, id_: str, kind: str, origin: App | None, strategy_id: int = 0) -> None:
    """Emit a change of the library."""
    fields: dict[str, Value] = {"Id": id_}
    if change != "shuffle":
        fields["TagType"] = kind
    if strategy_id:
        fields["StrategyId"] = strategy_id
    world.emit(Event("change_external_tag", change, fields), corp=corp, by=origin)


def living_groups(external: External, strategy_id: int = 0) -> list[TagGroup]:
    """List the groups in their order: the larger `order` first, then the older."""
    groups = [group for group in external.tag_groups.values() if not group.is_deleted and group.strategy_id == strategy_id]
    return sorted(groups, key=lambda group: -group.order)


def living_tags(external: External, group: TagGroup) -> list[Tag]:
    """List a group's tags in their order."""
    tags = (external.tags[tag_id] for tag_id in group.tag_ids)
    return sorted((tag for tag in tags if not tag.is_deleted), key=lambda tag: -tag.order)


def group_named(external: External, name: str, strategy_id: int = 0) -> TagGroup | None:
    """Find a living group by name."""
    return next((group for group in living_groups(external, strategy_id) if group.name == name), None)


def add(
    world: World, corp: Corp, group: TagGroup | None, draft: TagGroup, names: dict[str, int], origin: App | None
) -> tuple[TagGroup, list[Tag]]:
    """Add tags to a group, or to a new one like the draft; names that are there already are given back as they are."""
    external, now = friends.of(corp), world.now()
    fresh = [name for name in names if group is None or name not in {tag.name for tag in living_tags(external, group)}]
    if sum(not tag.is_deleted for tag in external.tags.values()) + len(fresh) > corp.settings.tags_max:
        raise Refused(40126)
    agent = str(origin.agent_id) if origin else ""
    if group is None:
        draft.group_id, draft.created, draft.agent = world.identifier("et", 30), now, agent
        group = external.tag_groups[draft.group_id] = draft
        tell(world, corp, "create", group.group_id, "tag_group", origin, group.strategy_id)
    for name in fresh:
        tag = Tag(world.identifier("et", 30), name, now, names[name], group.group_id, agent=agent)
        external.tags[tag.tag_id] = tag
        group.tag_ids.append(tag.tag_id)
        tell(world, corp, "create", tag.tag_id, "tag", origin, group.strategy_id)
    return group, [tag for tag in living_tags(external, group) if tag.name in names]


def rename(world: World, corp: Corp, id_: str, name: str, order: int | None, origin: App | None) -> None:
    """Rename or move a tag or group; two of a name are refused with 40071."""
    external = friends.of(corp)
    tag, group = external.tags.get(id_), external.tag_groups.get(id_)
    if tag is not None and not tag.is_deleted:
        home = external.tag_groups[tag.group_id]
        _free(name, [one for one in living_tags(external, home) if one is not tag])
        tag.name = name or tag.name
        tag.order = tag.order if order is None else order
        tell(world, corp, "update", id_, "tag", origin, home.strategy_id)
    elif group is not None and not group.is_deleted:
        _free(name, [one for one in living_groups(external, group.strategy_id) if one is not group])
        group.name = name or group.name
        group.order = group.order if order is None else order
        tell(world, corp, "update", id_, "tag_group", origin, group.strategy_id)
    else:
        raise Refused(40068)


def delete(world: World, corp: Corp, tag_ids: list[str], group_ids: list[str], origin: App | None) -> None:
    """Delete tags and groups, also from every customer; a group goes with its last tag and is told once."""
    external = friends.of(corp)
    gone: set[str] = set()
    for group_id in group_ids:
        group = external.tag_groups[group_id]
        if group.is_deleted:
            continue
        gone |= {tag.tag_id for tag in living_tags(external, group)}
        group.is_deleted = True
        tell(world, corp, "delete", group_id, "tag_group", origin, group.strategy_id)
    for tag_id in tag_ids:
        tag = external.tags[tag_id]
        if tag.is_deleted or tag_id in gone:
            continue
        gone.add(tag_id)
        tag.is_deleted = True
        group = external.tag_groups[tag.group_id]
        tell(world, corp, "delete", tag_id, "tag", origin, group.strategy_id)
        if not living_tags(external, group):
            group.is_deleted = True
            tell(world, corp, "delete", group.group_id, "tag_group", origin, group.strategy_id)
    for tag_id in gone:
        external.tags[tag_id].is_deleted = True
    _strip(external, gone)


def mark(corp: Corp, relation: Relation, put: list[str], lift: list[str]) -> bool:
    """Change the tags of one pair; tells whether anything changed."""
    external = friends.of(corp)
    for tag_id in (*put, *lift):
        tag = external.tags.get(tag_id)
        if tag is None or tag.is_deleted:
            raise Refused(40068)
    lifted = set(lift)
    after = tuple(dict.fromkeys([*(one for one in relation.tags if one not in lifted), *put]))
    if len(after) > corp.settings.tags_per_relation_max:
        raise Refused(40126)
    changed = set(after) != set(relation.tags)
    relation.tags = after
    return changed


def _free(name: str, others: list[Tag] | list[TagGroup]) -> None:
    if name and any(one.name == name for one in others):
        raise Refused(40071)


def _strip(external: External, gone: set[str]) -> None:
    if not gone:
        return
    for book in external.books.values():
        for relation in book.relations.values():
            if relation.tags and not gone.isdisjoint(relation.tags):
                relation.tags = tuple(one for one in relation.tags if one not in gone)
