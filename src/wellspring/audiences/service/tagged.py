"""Tags in leaves: what a name means and what its answer stands on, looked up once for all leaves of an evaluation."""

import threading
import weakref
from collections.abc import Hashable

from wellspring.audiences.rules import tree
from wellspring.audiences.service import related
from wellspring.audiences.service.asking import Asking
from wellspring.kernel.workspace import Workspace
from wellspring.tags import api as tags

# Names by what had been told of tags when they were looked up.
_names: "weakref.WeakKeyDictionary[Workspace, tuple[int, dict[tree.Tag | tree.TagGroup, tuple[str, ...]]]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def token(asking: Asking, leaf: tree.Tag | tree.TagGroup) -> Hashable:
    """Changes with the members of the tags that a leaf names, and with which tags these are."""
    ids = _ids(asking, leaf)
    versions = asking.tag_versions
    if any(tag_id not in versions for tag_id in ids):
        # All that are known at once: the next leaf will ask for one of them.
        wanted = sorted({tag_id for found in _known(asking).values() for tag_id in found} - versions.keys())
        *found, epoch = tags.version(asking.ws, wanted)
        versions.update((tag_id, (version, epoch)) for tag_id, version in zip(wanted, found, strict=True))
    return tuple((tag_id, versions[tag_id]) for tag_id in ids)


def _ids(asking: Asking, leaf: tree.Tag | tree.TagGroup) -> tuple[str, ...]:
    known = _known(asking)
    found = known.get(leaf)
    if found is None:
        found = known[leaf] = tuple(related.tag_ids(asking.ws, leaf))
    return found


def _known(asking: Asking) -> dict[tree.Tag | tree.TagGroup, tuple[str, ...]]:
    told = asking.names_told[0]
    with _guard:
        kept = _names.get(asking.ws)
        if kept is None or kept[0] != told:
            kept = _names[asking.ws] = told, {}
    return kept[1]
