"""Taking files in: sealed into the file store as they arrive, looked at, and given a first mapping."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from wellspring.imports import errors, repo
from wellspring.imports.contracts import Import, ImportFile, ImportId, Kind, Layout, Mapping, Options, State
from wellspring.imports.rules import presets
from wellspring.imports.rules.mapping import folded, signature, suggested
from wellspring.imports.service import tables, unpack
from wellspring.imports.settings import ImportSettings
from wellspring.kernel import audit, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace

Upload = tuple[str, Iterable[bytes]]


def upload(
    ws: Workspace,
    *,
    by: Principal,
    kind: Kind,
    files: Iterable[Upload],
    name: str = "",
    layout: Layout | None = None,
    replay_of: str | None = None,
) -> Import:
    """Seals the files into the file store and makes an import of them. Raises FileTooLarge, WorkbookTooLarge, FileUnreadable."""
    limit = ws.settings.get(ImportSettings).upload_megabytes_max
    stored: list[ImportFile] = []
    sealed_ids: list[str] = []
    try:
        for file_name, pieces in files:
            sealed = ws.files.put(
                _limited(pieces, limit, file_name), name=file_name, media_type="application/octet-stream", purpose="imports.upload"
            )
            sealed_ids.append(sealed.id)
            stored.append(_looked_at(ws, ImportFile(file_name, sealed.id, None, sealed.size_bytes, tables.UNKNOWN), layout))
            failpoints.hit("imports.upload.stored")
        return _made(ws, by=by, kind=kind, files=stored, name=name, replay_of=replay_of)
    except Exception:
        for file_id in sealed_ids:
            ws.files.delete(file_id)
        raise


def local(ws: Workspace, *, by: Principal, kind: Kind, paths: Sequence[Path], layout: Layout | None = None) -> Import:
    """Makes an import of files of this machine, which are read where they lie (command line)."""
    files = []
    for path in paths:
        if not path.is_file():
            raise errors.FileUnreadable(name=str(path), reason="文件不存在 / there is no such file")
        files.append(_looked_at(ws, ImportFile(path.name, None, str(path.resolve()), path.stat().st_size, tables.UNKNOWN), layout))
    return _made(ws, by=by, kind=kind, files=files, name="")


def fresh(ws: Workspace, run: Import) -> Import:
    """The import with samples read from its files again; a file that is gone stays without."""
    files = []
    for file in run.files:
        found = file.detected
        layout = Layout(encoding=found.encoding or "auto", delimiter=found.delimiter, header=found.header, columns=found.names)
        try:
            files.append(_looked_at(ws, file, layout))
        except (WellspringError, OSError):
            files.append(file)
    return dataclasses.replace(run, files=files)


def first_mapping(ws: Workspace, run: Import) -> Mapping:
    """The mapping last used for such a header, or a preset that describes it, or a suggestion from the words in it."""
    names = [name for file in run.files for name in file.detected.names]
    with ws.sql.read() as tx:
        known = repo.remembered(tx, kind=run.kind, signature=signature(run.kind, names))
    if known is not None:
        return known
    if len(run.files) > 1:
        described = presets.fitting_related(run.kind, [{folded(name) for name in file.detected.names} for file in run.files], folded)
    else:
        described = presets.fitting(run.kind, {folded(name) for name in names}, folded)
    return described or suggested(run.kind, fresh(ws, run).files[0].detected.columns)


def _limited(pieces: Iterable[bytes], megabytes: int, name: str) -> Iterable[bytes]:
    size, is_book = 0, False
    for piece in pieces:
        is_book = is_book or (not size and unpack.format_of(piece) == "xlsx")
        size += len(piece)
        if is_book:
            tables.demand_workbook(name, size)
        if size > megabytes * 1_000_000:
            raise errors.FileTooLarge(limit=megabytes)
        yield piece


def _looked_at(ws: Workspace, file: ImportFile, layout: Layout | None) -> ImportFile:
    return dataclasses.replace(file, detected=tables.looked_at(ws, file, layout or Layout()))


def _made(ws: Workspace, *, by: Principal, kind: Kind, files: Sequence[ImportFile], name: str, replay_of: str | None = None) -> Import:
    import_id = ImportId(new_id("imp"))
    title = name or ", ".join(file.name for file in files)
    with ws.sql.write() as tx:
        repo.add(
            tx,
            id=import_id,
            kind=kind,
            name=title[:255],
            state=State.UPLOADED,
            stage="",
            files=repo.files_json(files),
            mapping=None,
            options=Options().model_dump(mode="json"),
            created_by=by.id,
            created_at=ws.clock.now(),
            replay_of=replay_of,
            version=0,
            rows_done=0,
            tally={},
        )
        audit.append(
            ws.sql, tx, by=by, action="imports.upload", subject=import_id, at=ws.clock.now(), detail={"kind": kind, "files": len(files)}
        )
        found = repo.find(tx, import_id)
    assert found is not None  # noqa: S101 - it was added two lines above
    return found
