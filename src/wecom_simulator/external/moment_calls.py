"""客户朋友圈 over HTTP: the job that makes one (page 95094), records and interactions (93333), cancelling (97612)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import content, fields, friends, moments, rules, scope
from wecom_simulator.external.state import Fields, Json, Moment, MomentJob, Post
from wecom_simulator.wecom import endpoint

_SENDERS_MOST = 100_000
_IMAGES_MOST = 9
_FOR_MOMENTS = 1


@endpoint("POST", "externalcontact/add_moment_task", permission="customer")
def add_moment_task(call: Call) -> Fields:
    """Start the job."""
    external = scope.external_of(call)
    message = _content(call)
    senders, tags, invalid = _range(call)
    settings = call.corp.settings
    running = sum(1 for job in external.moment_jobs.values() if call.now < job.created + settings.moment_seconds)
    if running >= settings.moment_jobs_max:
        raise Refused(41078)
    moment = Moment(call.world.identifier("mom", 30), str(call.app.agent_id), call.now, message, tags, is_partial=bool(tags))
    moment.posts = {userid: Post(userid) for userid in senders}
    external.moments[moment.moment_id] = moment
    job = MomentJob(call.world.identifier("job", 28), moment.agent, call.now, moment.moment_id, invalid)
    external.moment_jobs[job.jobid] = job
    return {"jobid": job.jobid}


@endpoint("GET", "externalcontact/get_moment_task_result", permission="customer")
def get_moment_task_result(call: Call) -> Fields:
    """Tell how far the job is; it is forgotten after a day."""
    job = scope.external_of(call).moment_jobs.get(call.query.get("jobid", ""))
    if job is None or call.now - job.created > rules.DAY:
        raise Refused(40058, "invalid jobid")
    passed, needed = call.now - job.created, call.corp.settings.moment_seconds
    status = 3 if passed >= needed else 2 if passed * 2 >= needed else 1
    answer: Fields = {"status": status, "type": "add_moment_task"}
    if status == 3:
        answer["result"] = {"errcode": 0, "errmsg": "ok", "moment_id": job.moment_id, **job.invalid}
    return answer


@endpoint("POST", "externalcontact/cancel_moment_task", permission="customer")
def cancel_moment_task(call: Call) -> Fields:
    """Stop what is not yet published."""
    _moment(call, corp_only=True).is_cancelled = True
    return {}


@endpoint("POST", "externalcontact/get_moment_list", defaults={"moment_list": []}, permission="customer", is_read=True)
def get_moment_list(call: Call) -> Fields:
    """List the moments of a time."""
    body = call.body
    first, last = fields.span(body, most_days=30)
    wanted = fields.whole(body, "filter_type", 2, most=2)
    creator = fields.text(body, "creator")
    found = [
        moment
        for moment in scope.external_of(call).moments.values()
        if first <= moment.created <= last
        and moments.is_ready(call.corp, moment, call.now)
        and (wanted == 2 or (wanted == 1) == bool(moment.creator))
        and (not creator or moment.creator == creator)
    ]
    limit = fields.size(body, default=20, most=20, forgiving=True)
    shown, following = rules.page(found, fields.start(body, "moments"), limit)
    return {"moment_list": [_told(moment) for moment in shown], "next_cursor": fields.following("moments", following)}


@endpoint("POST", "externalcontact/get_moment_task", defaults={"task_list": []}, permission="customer", is_read=True)
def get_moment_task(call: Call) -> Fields:
    """Tell which members have published."""
    posts = [*_moment(call, corp_only=True).posts.values()]
    limit = fields.size(call.body, default=500, most=1000, forgiving=True)
    shown, following = rules.page(posts, fields.start(call.body, "moment_tasks"), limit)
    rows = [{"userid": post.userid, "publish_status": int(bool(post.published_at))} for post in shown]
    return {"task_list": rows, "next_cursor": fields.following("moment_tasks", following)}


@endpoint("POST", "externalcontact/get_moment_customer_list", defaults={"customer_list": []}, permission="customer", is_read=True)
def get_moment_customer_list(call: Call) -> Fields:
    """Tell for whom a member's copy was or would be."""
    moment = _moment(call)
    post = _post(call, moment)
    external = scope.external_of(call)
    chosen = post.chosen if post.published_at else [one.external_userid for one in moments.audience(external, moment, post.userid)]
    limit = fields.size(call.body, default=500, most=1000, forgiving=True)
    shown, following = rules.page(chosen, fields.start(call.body, "moment_customers"), limit)
    rows = [{"userid": post.userid, "external_userid": one} for one in shown]
    return {"customer_list": rows, "next_cursor": fields.following("moment_customers", following)}


@endpoint("POST", "externalcontact/get_moment_send_result", defaults={"customer_list": []}, permission="customer", is_read=True)
def get_moment_send_result(call: Call) -> Fields:
    """Tell who can see a member's copy."""
    post = _published(call)
    limit = fields.size(call.body, default=3000, most=5000, forgiving=True)
    shown, following = rules.page(post.seen_by, fields.start(call.body, "moment_results"), limit)
    rows = [{"external_userid": one} for one in shown]
    return {"customer_list": rows, "next_cursor": fields.following("moment_results", following)}


@endpoint(
    "POST", "externalcontact/get_moment_comments", defaults={"comment_list": [], "like_list": []}, permission="customer", is_read=True
)
def get_moment_comments(call: Call) -> Fields:
    """Tell who commented and liked, not what."""
    post = _published(call)
    staff = call.corp.staff

    def row(who: str, at: int) -> Fields:
        return {"userid" if who in staff else "external_userid": who, "create_time": at}

    return {"comment_list": [row(*one) for one in post.comments], "like_list": [row(*one) for one in post.likes]}


def _moment(call: Call, *, corp_only: bool = False) -> Moment:
    found = scope.external_of(call).moments.get(fields.text(call.body, "moment_id", missing=41059))
    if found is None:
        raise Refused(41060)
    if not moments.is_ready(call.corp, found, call.now):
        raise Refused(41079)
    if corp_only and found.creator:
        raise Refused(41067)
    return found


def _post(call: Call, moment: Moment) -> Post:
    post = moment.posts.get(call.staff().userid)
    if post is None:
        raise Refused(41061)
    return post


def _published(call: Call) -> Post:
    post = _post(call, _moment(call))
    if not post.published_at:
        raise Refused(41062)
    return post


def _content(call: Call) -> Fields:
    text = fields.text(fields.part(call.body, "text"), "content", most=2000, most_bytes=4000, bad=45002)
    attachments = fields.parts(call.body, "attachments", most=_IMAGES_MOST, bad=41064)
    if not text and not attachments:
        raise Refused(41089)
    message: Fields = {"text": {"content": text}} if text else {}
    if not attachments:
        return message
    kinds = {str(one.get("msgtype")) for one in attachments}
    if len(kinds) > 1 or not kinds <= {"image", "video", "link"}:
        raise Refused(41065)
    kind = kinds.pop()
    if kind != "image" and len(attachments) > 1:
        raise Refused(41064)
    return {**message, "attachments": [_attachment(call, kind, one) for one in attachments]}


def _attachment(call: Call, kind: str, attachment: Fields) -> Fields:
    body = fields.part(attachment, kind, missing=40063)
    kept: Fields = {}
    if kind == "link":
        kept = {"title": fields.text(body, "title", most_bytes=64), "url": fields.text(body, "url", most_bytes=2048, missing=40063)}
    medium = fields.text(body, "media_id", missing=41006)
    kept["media_id"] = content.medium(call, medium, "image" if kind == "link" else kind, _FOR_MOMENTS)
    return {"msgtype": kind, kind: kept}


def _range(call: Call) -> tuple[list[str], tuple[str, ...], Fields]:
    """Give who publishes, which tags may see it, and what of both was not valid."""
    external, asked = scope.external_of(call), fields.part(call.body, "visible_range")
    senders, receivers = fields.part(asked, "sender_list"), fields.part(asked, "external_contact_list")
    users = fields.texts(senders, "user_list", most=_SENDERS_MOST)
    departments = fields.numbers(senders, "department_list")
    wanted = fields.texts(receivers, "tag_list")
    serving = scope.serving(call)
    known = set(serving)
    bad_tags = [one for one in wanted if one not in external.tags or external.tags[one].is_deleted or _of_rule_group(call, one)]
    tags = tuple(one for one in wanted if one not in set(bad_tags))
    if users or departments:
        named = [userid for userid in scope.expanded(call, users, departments) if userid in known]
    elif wanted:
        sought = frozenset(tags)
        named = [userid for userid in serving if any(not sought.isdisjoint(one.tags) for one in friends.kept_by(external, userid))]
    else:
        named = serving
    invalid: Fields = {
        "invalid_sender_list": {
            "user_list": [userid for userid in users if userid not in known],
            "department_list": [one for one in departments if one not in call.corp.departments],
        },
        "invalid_external_contact_list": {"tag_list": bad_tags},
    }
    return named, tags, invalid


def _of_rule_group(call: Call, tag_id: str) -> bool:
    external = scope.external_of(call)
    return bool(external.tag_groups[external.tags[tag_id].group_id].strategy_id)


def _told(moment: Moment) -> Fields:
    told: Fields = {
        "moment_id": moment.moment_id,
        "create_time": moment.created,
        "create_type": 1 if moment.creator else 0,
        "visible_type": 0 if moment.is_partial else 1,
    }
    if moment.creator:
        told["creator"] = moment.creator
    if "text" in moment.content:
        told["text"] = moment.content["text"]
    images: list[Json] = []
    for attachment in moment.content.get("attachments", ()):
        kind = attachment["msgtype"]
        if kind == "image":
            images.append({"media_id": attachment["image"]["media_id"]})
        elif kind == "video":
            told["video"] = {"media_id": attachment["video"]["media_id"], "thumb_media_id": attachment["video"]["media_id"]}
        else:
            told["link"] = {"title": attachment["link"]["title"], "url": attachment["link"]["url"]}
    if images:
        told["image"] = images
    return told
