"""What the brand says (personas, folders, materials for its first journeys, scripts of its guides), and when it keeps quiet.

Everything over the public API with the headquarters' key. What is there already by its name is left as it is.
"""

from collections.abc import Iterator
from typing import Protocol

from wecom_simulator.town.actions import Body, Json

_SHOP = "https://heya.example.com"
_EXPERT, _BRAND = "配方师小禾", "禾芽会员中心"
_CARE, _EVENTS, _SERVICE = "护肤知识", "会员活动", "新客与售后"
_ICEBREAKER, _DOUBTS = "破冰开场", "异议处理"


class Calling(Protocol):
    """Calls the API."""

    def call(self, method: str, path: str, body: Json = None) -> Json:
        """Give what it answers."""
        ...


def define(connection: Calling) -> int:
    """Make whatever is not there yet; gives how many materials that were."""
    personas = _named(connection, "personas", _personas())
    folders = _named(connection, "folders", _folders())
    _restrained(connection)
    there = {row["name"] for row in _rows(connection.call("GET", "/api/content/materials?limit=200"))}
    made = 0
    for wanted in _materials():
        if wanted["name"] in there:
            continue
        placed = {"persona_id": personas.get(str(wanted["persona_id"])), "group_id": folders.get(str(wanted["group_id"]))}
        _approved(connection, _row(connection.call("POST", "/api/content/materials", {**wanted, **placed})))
        made += 1
    return made


def _restrained(connection: Calling) -> None:
    """One touch a day at most, and none at night."""
    there = {row["name"] for row in _rows(connection.call("GET", "/api/engagement/rules"))}
    cap: Json = {"scope": "all", "times": 1, "is_calendar": True, "length": 1}
    night: Json = [{"start": 21 * 60, "end": 8 * 60}]
    for body in ({"kind": "cap", "name": "每位客户每天最多 1 次", "cap": cap}, {"kind": "quiet", "name": "夜间勿扰", "spans": night}):
        if body["name"] not in there:
            connection.call("POST", "/api/engagement/rules", body)


def _approved(connection: Calling, material: Body) -> None:
    place = f"/api/content/materials/{material['id']}"
    waiting = _row(connection.call("POST", f"{place}/submission", {"revision": material["revision"], "note": "上线前请过目"}))
    if waiting["latest_state"] == "waiting":
        connection.call("POST", f"{place}/decision", {"revision": waiting["revision"], "approves": True})


def _named(connection: Calling, kind: str, wanted: Iterator[Body]) -> dict[str, Json]:
    there = {str(row["name"]): row["id"] for row in _rows(connection.call("GET", f"/api/content/{kind}"))}
    for body in wanted:
        if body["name"] not in there:
            there[str(body["name"])] = _row(connection.call("POST", f"/api/content/{kind}", body))["id"]
    return there


def _rows(answer: Json) -> list[Body]:
    listed = answer["rows"] if isinstance(answer, dict) else answer
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def _row(answer: Json) -> Body:
    return answer if isinstance(answer, dict) else {}


def _personas() -> Iterator[Body]:
    about = "做过八年配方；不说“根治”“最好”。"
    expert = _mix(("换季", 40), ("使用技巧", 40), ("会员日", 20))
    yield {"kind": "expert", "name": _EXPERT, "tone": "像懂行的朋友，讲人话，不夸大", "about": about, "mix": expert}
    yield {"kind": "brand", "name": _BRAND, "tone": "简短、礼貌、把规则说清楚", "mix": _mix(("会员日", 60), ("服务", 40))}


def _mix(*shares: tuple[str, int]) -> Json:
    return [{"topic": topic, "share": share} for topic, share in shares]


def _folders() -> Iterator[Body]:
    for shelf, names in (("library", (_CARE, _EVENTS, _SERVICE)), ("scripts", (_ICEBREAKER, _DOUBTS))):
        for name in names:
            yield {"shelf": shelf, "name": name}


def _materials() -> Iterator[Body]:
    hello = "{{ member.name }}您好，我是{{ staff.name }}。"
    last = "{{ member.last_product | default: '上次选的那一件' }}"
    yield _text(
        "第1天 感谢与使用指引",
        _SERVICE,
        f"{hello}谢谢您选了禾芽，{last}怎么用最合适，三步就够，有问题随时问我～",
        stage="新客",
        scene="使用技巧",
    )
    yield _link("第3天 使用技巧", _CARE, f"{last}用得还顺手吗？很多人都卡在这一步，我写了两分钟的小技巧。", "guide/tips", scene="使用技巧")
    yield _text("第5天 真实评价与答疑", _SERVICE, "用到第五天，皮肤有什么变化吗？好的不好的都想听，我来帮您调整。", stage="新客")
    yield _link("第7天 专属优惠（看过内容）", _EVENTS, "新朋友专享：七天内第二件 9 折，搭配建议也帮您选好了。", "new/second", stage="新客")
    yield _link("加购提醒", _SERVICE, "您看中的还在购物车里，今天下单现货发出。", "cart", scene="弃单")
    yield _text("顾虑解答", _SERVICE, "是不确定肤质合不合适吗？七天无理由，拆了也能退，您放心试。", scene="弃单")
    yield _text("用完前提醒", _CARE, f"{last}差不多快用完了吧？提前补上，老客有满赠。", stage="复购")
    yield _article("想念你：新品与内容", _CARE)
    yield _link("专属唤醒优惠", _EVENTS, "好久不见，给您留了一张 30 元券，到月底都能用。", "back", stage="沉睡")
    yield _text("生日祝福与礼遇", _EVENTS, "{{ member.name }}，生日快乐！到{{ store.name }}报手机号，领一份生日小样。", scene="生日")
    yield _text("生日当天提醒", _EVENTS, "今天是您的日子，生日双倍积分到今晚 24 点。", scene="生日")
    yield _text("入群欢迎与群规", _SERVICE, "欢迎加入禾芽福利群！每周三 10 点会员日，群里只发有用的，不刷屏。", scene="社群")
    yield _link("群内活动介绍", _EVENTS, "这周的群专享在这里，数量有限，先到先得。", "group/week", scene="会员日")
    yield _link("晒单有礼邀请", _SERVICE, "用得不错的话，晒一张使用照，送您旅行装一份。", "show", scene="晒单")
    yield _text("致歉与补偿", _SERVICE, f"{hello}这次没让您满意，真的抱歉。我先把问题登记了，补偿券已经放进您的账户。", scene="服务")
    yield _poster("会员日海报", _EVENTS)
    yield _script("在吗开场", _ICEBREAKER, f"{hello}上次您问的面霜到货了，给您留一瓶？")
    yield _script("嫌贵怎么回", _DOUBTS, "理解的～这瓶能用三个月，算下来一天两块三。先用小样试试？")
    yield _script("怕过敏怎么回", _DOUBTS, "先在耳后试 24 小时，没反应再上脸；不合适七天都能退，我来帮您办。")


def _text(name: str, folder: str, text: str, **tags: str) -> Body:
    return _material("text", name, folder, {"body": {"text": text}}, tags)


def _link(name: str, folder: str, text: str, page: str, **tags: str) -> Body:
    link: Json = {"kind": "link", "title": name, "text": "禾芽官方商城", "url": f"{_SHOP}/{page}"}
    return _material("link", name, folder, {"body": {"text": text, "attachments": [link]}}, tags)


def _article(name: str, folder: str) -> Body:
    words = "## 换季先修护\n\n- 洁面水温别超过 32 度\n- **湿着涂**面霜，锁水多三成\n\n## 再谈功效\n\n> 屏障稳了，用什么都事半功倍。"
    article: Json = {"title": "换季护肤，三步就够", "summary": "不换面霜也能舒服过冬", "text": words}
    return _material(
        "article",
        name,
        folder,
        {"body": {"text": "好久没聊了，写了篇换季的，给您留着。"}, "article": article},
        {"stage": "沉睡", "scene": "换季"},
    )


def _poster(name: str, folder: str) -> Body:
    centred = {"x": 80, "width": 840, "is_centred": True}
    blocks: list[Json] = [
        {"kind": "text", "y": 180, "text": "会员日", "size": 150, "color": "#ffffff", "is_bold": True, **centred},
        {"kind": "text", "y": 460, "text": "{{ store.name }}\n每周三 · 满 299 减 60", "size": 60, "color": "#8fe0cb", **centred},
        {"kind": "code", "x": 350, "y": 1180, "width": 300, "url": f"{_SHOP}/vip"},
    ]
    poster: Json = {"paper": "#0e3b36", "blocks": blocks}
    draft: Body = {"body": {"text": "周三会员日，等您来"}, "poster": poster}
    return _material("poster", name, folder, draft, {"scene": "会员日"})


def _script(name: str, folder: str, text: str) -> Body:
    return {**_material("text", name, folder, {"body": {"text": text}}, {}), "shelf": "scripts"}


def _material(kind: str, name: str, folder: str, draft: Body, tags: dict[str, str]) -> Body:
    stand_in: Json = {"member.name": "亲爱的", "staff.name": "您的专属顾问", "store.name": "禾芽门店"}
    listed: list[Json] = [{"dimension": dimension, "name": tag} for dimension, tag in tags.items()]
    persona = _EXPERT if folder == _CARE else _BRAND
    whole: Body = {**draft, "fallbacks": stand_in}
    return {"kind": kind, "name": name, "group_id": folder, "persona_id": persona, "tags": listed, "draft": whole}
