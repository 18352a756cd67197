"""How the platforms make, change, find and delete ways in (pages 92228, 92229, 97297; scene codes of Official Accounts).

Making has no key of its own at any of them: what may have been made is looked for by the mark that it was given.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts.ways import EntranceDraft, EntranceKind
from wellspring.channels.rules import ways

_LIST_MAX = 1000
_LINKS_MAX = 100
# A way could be made with a clock a little behind ours.
_BEFORE = dt.timedelta(minutes=5)


class Made(NamedTuple):
    """What the platform calls it, and where it is shown."""

    remote_id: str
    address: str | None


class Maker(NamedTuple):
    """How one kind of entrance is made. `find` is missing where the platform lists none of them."""

    make: Callable[[Ask, EntranceDraft], Made]
    change: Callable[[Ask, str, EntranceDraft], None]
    delete: Callable[[Ask, str], None]
    find: Callable[[Ask, str, dt.datetime, dt.datetime, Callable[[list[str]], set[str]]], Made | None] | None


def _make_way(ask: Ask, draft: EntranceDraft) -> Made:
    answer = ask("externalcontact/add_contact_way", ways.said(draft), safe=False)
    return Made(str(answer["config_id"]), str(answer["qr_code"]) if answer.get("qr_code") else None)


def _change_way(ask: Ask, remote_id: str, draft: EntranceDraft) -> None:
    ask("externalcontact/update_contact_way", ways.said_again(draft, remote_id), safe=True)


def _delete_way(ask: Ask, remote_id: str) -> None:
    ask("externalcontact/del_contact_way", {"config_id": remote_id}, safe=True)


def _find_way(ask: Ask, mark: str, since: dt.datetime, until: dt.datetime, known: Callable[[list[str]], set[str]]) -> Made | None:
    span = {"start_time": int((since - _BEFORE).timestamp()), "end_time": int((until + _BEFORE).timestamp()), "limit": _LIST_MAX}
    for page in pages(ask, "externalcontact/list_contact_way", span):
        listed = [str(one["config_id"]) for one in page.get("contact_way", [])]
        ours = known(listed)
        for config_id in [one for one in listed if one not in ours]:
            way = ask("externalcontact/get_contact_way", {"config_id": config_id}, safe=True)["contact_way"]
            if way.get("state") == mark:
                return Made(config_id, str(way["qr_code"]) if way.get("qr_code") else None)
    return None


def _make_join_way(ask: Ask, draft: EntranceDraft) -> Made:
    config_id = str(ask("externalcontact/groupchat/add_join_way", ways.said(draft), safe=False)["config_id"])
    return Made(config_id, None)


def join_way_picture(ask: Ask, remote_id: str) -> str | None:
    """The picture of a join way's code; making it does not tell."""
    found = ask("externalcontact/groupchat/get_join_way", {"config_id": remote_id}, safe=True)["join_way"]
    return str(found["qr_code"]) if found.get("qr_code") else None


def join_way_chats(ask: Ask, remote_id: str) -> list[str]:
    """The groups that a join way leads into now, with those that the platform opened."""
    found = ask("externalcontact/groupchat/get_join_way", {"config_id": remote_id}, safe=True)["join_way"]
    return [str(chat_id) for chat_id in found.get("chat_id_list", [])]


def _change_join_way(ask: Ask, remote_id: str, draft: EntranceDraft) -> None:
    ask("externalcontact/groupchat/update_join_way", ways.said_again(draft, remote_id), safe=True)


def _delete_join_way(ask: Ask, remote_id: str) -> None:
    ask("externalcontact/groupchat/del_join_way", {"config_id": remote_id}, safe=True)


def _make_link(ask: Ask, draft: EntranceDraft) -> Made:
    link = ask("externalcontact/customer_acquisition/create_link", ways.said(draft), safe=False)["link"]
    return Made(str(link["link_id"]), str(link["url"]))


def _change_link(ask: Ask, remote_id: str, draft: EntranceDraft) -> None:
    ask("externalcontact/customer_acquisition/update_link", ways.said_again(draft, remote_id), safe=True)


def _delete_link(ask: Ask, remote_id: str) -> None:
    ask("externalcontact/customer_acquisition/delete_link", {"link_id": remote_id}, safe=True)


def _find_link(ask: Ask, mark: str, _since: dt.datetime, _until: dt.datetime, known: Callable[[list[str]], set[str]]) -> Made | None:
    for page in pages(ask, "externalcontact/customer_acquisition/list_link", {"limit": _LINKS_MAX}):
        listed = [str(one) for one in page.get("link_id_list", [])]
        ours = known(listed)
        for link_id in [one for one in listed if one not in ours]:
            link = ask("externalcontact/customer_acquisition/get", {"link_id": link_id}, safe=True)["link"]
            if link.get("link_name") == mark:
                return Made(link_id, str(link["url"]))
    return None


def _make_scene(ask: Ask, draft: EntranceDraft) -> Made:
    # Asked twice for one scene it gives two tickets that say the same, so repeating is safe.
    ticket = str(ask("cgi-bin/qrcode/create", ways.said(draft), safe=True)["ticket"])
    return Made(ticket, f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}")


def _leave_scene(_ask: Ask, _remote_id: str, _draft: EntranceDraft | None = None) -> None:
    """Scene codes can be neither changed nor deleted: they run out, or stay."""


MAKERS: dict[EntranceKind, Maker] = {
    EntranceKind.WAY: Maker(_make_way, _change_way, _delete_way, _find_way),
    EntranceKind.JOIN_WAY: Maker(_make_join_way, _change_join_way, _delete_join_way, None),
    EntranceKind.LINK: Maker(_make_link, _change_link, _delete_link, _find_link),
    EntranceKind.SCENE: Maker(_make_scene, _leave_scene, _leave_scene, None),
}
