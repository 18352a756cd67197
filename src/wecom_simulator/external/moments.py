"""Moments: who publishes, who may see, and what comes back (pages 95094, 93333).

A job makes the moment within seconds; each member then publishes a copy, or never does.
"""

from wecom_simulator.corp import Corp
from wecom_simulator.external import friends, rules
from wecom_simulator.external.state import External, Fields, Moment, Post, Relation
from wecom_simulator.world import World


def audience(external: External, moment: Moment, userid: str) -> list[Relation]:
    """List the customers of a member whom a moment is for."""
    wanted = frozenset(moment.tags)
    kept = friends.kept_by(external, userid)
    return [relation for relation in kept if not wanted or not wanted.isdisjoint(relation.tags)]


def is_ready(corp: Corp, moment: Moment, now: int) -> bool:
    """Tell whether the job that makes it has come to its end."""
    return bool(moment.creator) or now >= moment.created + corp.settings.moment_seconds


def publish(world: World, corp: Corp, moment: Moment, userid: str) -> Post:
    """Let a member publish: whoever has seen too many does not see this one."""
    post, now = moment.posts.get(userid), world.now()
    if post is None or post.published_at or moment.is_cancelled or not is_ready(corp, moment, now):
        raise ValueError(f"{userid} has nothing to publish in {moment.moment_id}")
    external, day = friends.of(corp), rules.day_of(now)
    for relation in audience(external, moment, userid):
        customer = relation.external_userid
        post.chosen.append(customer)
        if not relation.by_customer or not _has_room(corp, external, moment, customer, day):
            continue
        shown = external.shown_personal if moment.creator else external.shown
        shown[customer] = rules.counted(shown.get(customer, ()), day)
        post.seen_by.append(customer)
        friends.receive(external, now, "moment", relation, moment.content, moment.moment_id)
    post.published_at = now
    return post


def personal(world: World, corp: Corp, userid: str, content: Fields) -> Moment:
    """Let a member publish something of their own."""
    moment = Moment(world.identifier("mom", 30), "", world.now(), content, creator=userid)
    moment.posts[userid] = Post(userid)
    friends.of(corp).moments[moment.moment_id] = moment
    publish(world, corp, moment, userid)
    return moment


def _has_room(corp: Corp, external: External, moment: Moment, customer: str, day: int) -> bool:
    if not moment.creator:
        return rules.has_moment_room(external.shown.get(customer, ()), day, corp.settings)
    most = corp.settings.personal_moments_per_day
    return not most or external.shown_personal.get(customer, ()).count(day) < most
