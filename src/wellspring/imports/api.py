"""The front door of imports: take files in, try them dry, run them, download what was rejected, take an import back.

The command line calls `run_local` and `undo_local` where no server owns the data folder.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pydantic

from wellspring.imports import repo
from wellspring.imports.contracts import Field, Import, Kind, Layout, Options, Report, State
from wellspring.imports.contracts import Mapping as ImportMapping
from wellspring.imports.errors import MappingInvalid, NotNow, ScopeTooNarrow
from wellspring.imports.facts import properties as _properties
from wellspring.imports.rules import presets
from wellspring.imports.rules.fields import FIELDS, KIND_TEXTS
from wellspring.imports.service import run as _run
from wellspring.imports.service import take as _take
from wellspring.imports.service import undo as _undo
from wellspring.imports.service.stage import Progress
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import NotFound
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace

PRESET_NAMES = presets.PRESET_NAMES


def kinds() -> list[tuple[Kind, str, str, Sequence[Field]]]:
    """Every kind of import with its words and the fields that columns can be mapped to."""
    return [(kind, *KIND_TEXTS[kind], FIELDS[kind]) for kind in Kind]


def read_mapping(text: str) -> ImportMapping | None:
    """A mapping from `preset:NAME`, from the path of a JSON file, or from JSON itself; None for `preset:generic`. Raises MappingInvalid."""
    if text.startswith("preset:"):
        return presets.preset(text.removeprefix("preset:"))
    try:
        body = text if text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8")
        return ImportMapping.model_validate(orjson.loads(body))
    except OSError as missing:
        raise MappingInvalid(reason=f"{text}: {missing.strerror}") from missing
    except (orjson.JSONDecodeError, pydantic.ValidationError) as broken:
        raise MappingInvalid(reason=str(broken).splitlines()[0]) from broken


def preset_kind(name: str) -> Kind | None:
    """What kind of rows a preset describes; None for `generic`. Raises MappingInvalid."""
    found = presets.preset(name)
    return found.kind if found else None


def told_mapping(text: str) -> ImportMapping | None:
    """A mapping from `preset:NAME` or from JSON, as a caller from elsewhere may name it: never from a path. Raises MappingInvalid."""
    if not text.lstrip().startswith(("preset:", "{")):
        raise MappingInvalid(reason="preset:NAME or JSON")
    return read_mapping(text.strip())


def with_samples(ws: Workspace, found: Import) -> Import:
    """The import with the first rows of its files, read from them anew: they are kept nowhere else."""
    return _take.fresh(ws, found)


def upload(
    ws: Workspace,
    *,
    by: Principal,
    kind: Kind,
    files: Iterable[_take.Upload],
    name: str = "",
    layout: Layout | None = None,
    replay_of: str | None = None,
) -> Import:
    """Seals files into the file store and makes an import of them. Raises FileTooLarge, FileUnreadable; nothing is left then."""
    _demand_whole(by)
    return _take.upload(ws, by=by, kind=kind, files=files, name=name, layout=layout, replay_of=replay_of)


def suggested_mapping(ws: Workspace, found: Import) -> ImportMapping:
    """The mapping last used for such a header, else a preset that fits, else what the words in the header say."""
    return _take.first_mapping(ws, found)


def dry_run(
    ws: Workspace, import_id: str, *, mapping: ImportMapping | None = None, options: Options | None = None, progress: Progress | None = None
) -> Report:
    """Reads the whole file as the import would and writes nothing. Raises ImportUnknown, MappingInvalid, FieldMissing."""
    return _run.dry(ws, import_id, mapping=mapping, options=options, progress=progress or _silent)


def start_dry(ws: Workspace, import_id: str, *, by: Principal, mapping: ImportMapping | None = None, options: Options | None = None) -> str:
    """Queues a dry run as a job, whose id it gives; its result is the report.

    Raises NotNow, MappingInvalid, FieldMissing, ImportUnknown.
    """
    _demand_whole(by)
    return _run.start_dry(ws, import_id, by=by, mapping=mapping, options=options)


def start(ws: Workspace, import_id: str, *, by: Principal, mapping: ImportMapping | None = None, options: Options | None = None) -> str:
    """Queues the run as a job, whose id it gives. Raises NotNow, MappingInvalid, FieldMissing, ImportUnknown."""
    _demand_whole(by)
    return _run.start(ws, import_id, by=by, mapping=mapping, options=options)


def undo(ws: Workspace, import_id: str, *, by: Principal) -> str:
    """Queues the taking back of a whole import as a job, whose id it gives. Raises NotNow, ImportUnknown."""
    _demand_whole(by)
    return _undo.start(ws, import_id, by=by)


def replay(ws: Workspace, import_id: str, *, by: Principal, files: Iterable[_take.Upload]) -> Import:
    """Makes an import of corrected rejects with the mapping and options of the first one; start it like any other."""
    _demand_whole(by)
    first = _run.get(ws, import_id)
    if first.state not in {State.DONE, State.FAILED} or first.mapping is None:
        raise NotNow(state=first.state)
    made = _take.upload(ws, by=by, kind=first.kind, files=files, replay_of=import_id)
    with ws.sql.write() as tx:
        repo.change(tx, made.id, mapping=first.mapping.model_dump(mode="json"), options=first.options.model_dump(mode="json"))
    return _run.get(ws, made.id)


def get(ws: Workspace, import_id: str) -> Import:
    """One import. Raises ImportUnknown."""
    return _run.get(ws, import_id)


def listing(ws: Workspace, *, kind: Kind | None = None, cursor: str | None = None, limit: int | None = None) -> Page[Import]:
    """The newest imports first."""
    with ws.sql.read() as tx:
        return repo.listing(tx, kind=kind, cursor=cursor, limit=limit)


def mappings(ws: Workspace, *, kind: Kind | None = None) -> list[dict[str, Any]]:
    """Remembered mappings, the last used first."""
    with ws.sql.read() as tx:
        return repo.mappings(tx, kind=kind)


def rejects(ws: Workspace, import_id: str, *, by: Principal) -> Iterator[bytes]:
    """The rejected rows as CSV: original columns, code, reason in both languages; audited. Raises NotFound when there are none."""
    _demand_whole(by)
    found = _run.get(ws, import_id)
    if found.rejects_file_id is None:
        raise NotFound
    ws.files.get(found.rejects_file_id)
    with ws.sql.write() as tx:
        audit.append(ws.sql, tx, by=by, action="imports.rejects_read", subject=import_id, at=ws.clock.now())
    return ws.files.read(found.rejects_file_id)


def order_properties(ws: Workspace, *, shop: str, order_no: str) -> dict[str, str]:
    """What files said of an order beyond what orders have (a province, a channel), as last told."""
    return _properties.of_order(ws.log, shop=shop, order_no=order_no)


def run_local(
    ws: Workspace,
    *,
    by: Principal,
    kind: str,
    paths: Sequence[Path],
    mapping: str | ImportMapping | None = None,
    options: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Imports files of this machine in this process, or only tries them; gives the report with the import's id.

    Raises FileUnreadable, MappingInvalid, FieldMissing.
    """
    _run.sweep(ws)
    chosen = read_mapping(mapping) if isinstance(mapping, str) else mapping
    found = _take.local(ws, by=by, kind=Kind(kind), paths=[Path(path) for path in paths], layout=chosen.layout if chosen else None)
    wanted = Options.model_validate(dict(options or {}))
    progress = on_progress or _silent
    if dry_run:
        return {"id": found.id, **_run.dry(ws, found.id, mapping=chosen, options=wanted, progress=progress).json()}
    _run.begun(ws, found.id, by=by, mapping=chosen, options=wanted)
    return {"id": found.id, **_run.run(ws, found.id, by=by, progress=progress)}


def resume_local(ws: Workspace, *, by: Principal, import_id: str, on_progress: Progress | None = None) -> dict[str, Any]:
    """Goes on with a local import whose process died. Raises NotNow, ImportUnknown."""
    return {"id": import_id, **_run.run(ws, import_id, by=by, progress=on_progress or _silent)}


def undo_local(ws: Workspace, *, by: Principal, import_id: str) -> dict[str, Any]:
    """Takes a whole import back in this process; gives what was removed and restored. Raises NotNow, ImportUnknown."""
    _undo.begun(ws, import_id, by=by)
    return {"id": import_id, **_undo.undo(ws, import_id, by=by)}


def _demand_whole(by: Principal) -> None:
    if not by.scope.is_all:
        raise ScopeTooNarrow


def _silent(_done: int, _total: int | None, _note: str) -> None:
    """Nobody watches."""
