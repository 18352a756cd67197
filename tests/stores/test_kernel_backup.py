"""A backup taken from a running workspace restores to the same workspace elsewhere, also on another engine."""

import json
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support import workspaces
from wellspring.kernel import audit, backup
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import Conflict, Invalid
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import LogTable, metadata
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

LOG = LogTable(
    name="activity_probe",
    columns=[("arrival_no", "UInt64"), ("member_no", "UInt32"), ("props", "JSON")],
    order_by="member_no",
)
WATERMARK = 3


def _filled(workspace: Workspace) -> str:
    for statement in LOG.ddl():
        workspace.log.command(statement)
    lines = [{"arrival_no": n, "member_no": n, "props": {"sku": f"品{n}", "total": n / 2, "lines": [{"qty": n}]}} for n in range(1, 6)]
    workspace.log.insert(LOG.name, LOG.column_names, [json.dumps(line).encode() + b"\n" for line in lines])
    workspace.settings.put(WorkspaceSettings(name="备份"))
    with workspace.sql.write() as tx:
        audit.append(workspace.sql, tx, by=SYSTEM, action="probe.did", subject="s", at=workspace.clock.now(), detail={"a": [1, None, "字"]})
    return workspace.files.put([b"hello"], name="a", media_type="b", purpose="probe").id


def _log_rows(workspace: Workspace) -> list[dict[str, object]]:
    return rows(workspace.log, f"SELECT * FROM {LOG.name} ORDER BY arrival_no")


class TestBackup:
    @pytest.mark.parametrize("target", ["same engine", "postgres"])
    def test_a_restored_workspace_is_the_same(
        self, workspace: Workspace, tmp_path: Path, home: Path, request: pytest.FixtureRequest, target: str
    ) -> None:
        file_id = _filled(workspace)
        kept = _log_rows(workspace)[:WATERMARK]
        path = tmp_path / "brand.zip"
        made = backup.create(workspace, path, log_tables=[LOG], watermark=lambda _: WATERMARK)
        assert backup.contents(path) == made

        elsewhere = request.getfixturevalue("postgres_url") if target == "postgres" else ""
        other = tmp_path / "home"
        other.mkdir()
        (other / "keys.json").write_bytes((home / "keys.json").read_bytes())
        # The engine allows one data folder per process.
        for name in ("installation", "installation_on_postgres") if "postgres" in request.node.name else ("installation",):
            request.getfixturevalue(name).close()
        place = workspaces.installation(other, database_url=elsewhere)
        restored = _emptied(place.create(workspace.slug))
        for statement in LOG.ddl():
            restored.log.command(statement)
        backup.restore(restored, path, log_tables=[LOG])

        assert _log_rows(restored) == kept
        assert restored.settings.get(WorkspaceSettings).name == "备份"
        assert b"".join(restored.files.read(file_id)) == b"hello"
        assert audit.verify(restored.sql).is_whole
        assert audit.listing(restored.sql).rows[0].detail == {"a": [1, None, "字"]}
        # The chain goes on where it stood.
        with restored.sql.write() as tx:
            assert audit.append(restored.sql, tx, by=SYSTEM, action="probe.did", subject="s", at=restored.clock.now()) == 2
        place.close()

    def test_a_workspace_in_use_is_not_overwritten(self, workspace: Workspace, tmp_path: Path) -> None:
        _filled(workspace)
        path = tmp_path / "brand.zip"
        backup.create(workspace, path, log_tables=[LOG], watermark=lambda _: WATERMARK)
        with pytest.raises(Conflict):
            backup.restore(workspace, path, log_tables=[LOG])

    def test_half_a_file_is_refused(self, workspace: Workspace, tmp_path: Path) -> None:
        _filled(workspace)
        path = tmp_path / "brand.zip"
        backup.create(workspace, path, log_tables=[LOG], watermark=lambda _: WATERMARK)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(Invalid):
            backup.contents(path)

    def test_a_failed_backup_leaves_no_file_under_its_name(self, workspace: Workspace, tmp_path: Path) -> None:
        _filled(workspace)

        def broken(_: Workspace) -> int:
            raise OSError(28, "No space left on device")

        with pytest.raises(OSError, match="space"):
            backup.create(workspace, tmp_path / "brand.zip", log_tables=[LOG], watermark=broken)
        assert not (tmp_path / "brand.zip").exists()

    def test_everything_of_the_transactional_store_is_in_it(self, workspace: Workspace, tmp_path: Path) -> None:
        _filled(workspace)
        path = tmp_path / "brand.zip"
        backup.create(workspace, path, log_tables=[LOG], watermark=lambda _: WATERMARK)
        with zipfile.ZipFile(path) as archive:
            kept = {name.removeprefix("sql/").removesuffix(".jsonl") for name in archive.namelist() if name.startswith("sql/")}
        derived = {table.name for table in metadata.sorted_tables if table.info.get("derived")}
        assert kept == set(sa.inspect(workspace.sql.engine).get_table_names()) - {"alembic_version"} - derived


def _emptied(workspace: Workspace) -> Workspace:
    """On PostgreSQL the schema of this name may be the one that was backed up."""
    if not workspace.sql.is_sqlite:
        workspace.sql.drop()
        workspace.sql.create()
    return workspace
