"""What tags ask of audiences: which of them name a tag, and whom a tag follows."""

from pyroaring import BitMap

from wellspring.audiences import repo
from wellspring.audiences.rules import read, tree
from wellspring.audiences.service import related
from wellspring.kernel.workspace import Workspace


def users_of_tag(ws: Workspace, tag_id: str) -> list[str]:
    """The names of the audiences whose definition names the tag, or its group."""
    with ws.sql.read() as tx:
        defined = [audience for audience in repo.listing(tx) if audience.definition is not None]
    return [audience.name for audience in defined if _names(ws, read.read(audience.definition), tag_id)]


def name_of(ws: Workspace, audience_id: str) -> str | None:
    """The name of an audience, None where there is none."""
    with ws.sql.read() as tx:
        found = repo.one(tx, audience_id)
    return None if found is None else found.name


def members_of(ws: Workspace, audience_id: str) -> BitMap | None:
    """Who is in it by the last version, None where there is none."""
    with ws.sql.read() as tx:
        return repo.members_known(tx, audience_id)


def _names(ws: Workspace, node: tree.Node, tag_id: str) -> bool:
    asked = (leaf for _path, leaf in tree.leaves(node) if isinstance(leaf, tree.Tag | tree.TagGroup))
    return any(tag_id in related.tag_ids(ws, leaf) for leaf in asked)
