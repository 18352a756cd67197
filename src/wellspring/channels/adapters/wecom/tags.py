"""Corp tags as the platform tells and takes them (pages 92117, 92118)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from wellspring.channels.adapters.wecom.asking import Ask

# What a name may be there.
NAME_MAX = 30


class Library(NamedTuple):
    """Every group of the corp with its tags: ids and names."""

    groups: dict[str, str]
    tags: dict[str, tuple[str, str]]


def library(ask: Ask) -> Library:
    """All groups and tags; of a tag its group and its name."""
    found = ask("externalcontact/get_corp_tag_list", {}, safe=True).get("tag_group") or []
    living = [group for group in found if not group.get("deleted")]
    return Library(
        {str(group["group_id"]): str(group["group_name"]) for group in living},
        {
            str(tag["id"]): (str(group["group_id"]), str(tag["name"]))
            for group in living
            for tag in group.get("tag") or []
            if not tag.get("deleted")
        },
    )


def add(ask: Ask, names: Sequence[str], *, group_id: str = "", group_name: str = "") -> tuple[str, dict[str, str]]:
    """Makes tags in a group (a new one where only its name is given); gives the group's id and the tags' by name.

    Not to be repeated where the answer was lost: the next list tells what was made.
    """
    body: dict[str, Any] = {"tag": [{"name": name} for name in names]}
    body |= {"group_id": group_id} if group_id else {"group_name": group_name}
    found = ask("externalcontact/add_corp_tag", body, safe=False)["tag_group"]
    return str(found["group_id"]), {str(tag["name"]): str(tag["id"]) for tag in found.get("tag") or []}


def rename(ask: Ask, remote_id: str, name: str) -> None:
    """Renames a tag or a group."""
    ask("externalcontact/edit_corp_tag", {"id": remote_id, "name": name}, safe=True)


def delete(ask: Ask, tag_ids: Sequence[str]) -> None:
    """Deletes tags there, with everything that they are put on."""
    ask("externalcontact/del_corp_tag", {"tag_id": list(tag_ids)}, safe=True)


def mark(ask: Ask, userid: str, external_userid: str, *, put: Sequence[str], lift: Sequence[str]) -> None:
    """Puts and lifts tags of one relation; states what shall be, so repeating it is safe."""
    body: dict[str, Any] = {"userid": userid, "external_userid": external_userid}
    body |= {"add_tag": list(put)} if put else {}
    body |= {"remove_tag": list(lift)} if lift else {}
    ask("externalcontact/mark_tag", body, safe=True)
