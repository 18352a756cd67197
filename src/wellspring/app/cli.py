"""The command line: `wellspring run`, `demo`, `import`, `backup`, `restore`, `check`, and the groups of commands below.

While a server runs on the data folder, the folder belongs to it: commands then talk to it over HTTP as this machine's
own caller. Otherwise they open the folder themselves.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

import wellspring
from wellspring.access import api as access
from wellspring.app import check, local, local_audiences, server, wiring
from wellspring.app.web import create_app
from wellspring.kernel import backup as backups
from wellspring.kernel.crypto import KeyFile
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import ProcessSettings

cli = typer.Typer(name="wellspring", help="活水 Wellspring", no_args_is_help=True, pretty_exceptions_enable=False)
imports = typer.Typer(help="导入文件 / import files", no_args_is_help=True)
users = typer.Typer(help="控制台用户 / console users", no_args_is_help=True)
workspaces = typer.Typer(help="工作区 / workspaces", no_args_is_help=True)
audiences = typer.Typer(help="人群 / audiences", no_args_is_help=True)
people = typer.Typer(help="会员 / members", no_args_is_help=True)
keys = typer.Typer(help="密钥 / the installation's keys", no_args_is_help=True)
cli.add_typer(imports, name="import")
cli.add_typer(audiences, name="audience")
cli.add_typer(users, name="user")
cli.add_typer(workspaces, name="workspace")
cli.add_typer(people, name="people")
cli.add_typer(keys, name="keys")

Host = Annotated[str, typer.Option(help="监听地址 / address to listen at")]
Port = Annotated[int, typer.Option(help="端口 / port")]
Slug = Annotated[str, typer.Option("--workspace", "-w", help="工作区 / workspace")]


@cli.command()
def run(host: Host = "127.0.0.1", port: Port = 8800) -> None:
    """启动服务 / start the server."""
    installation = server.open_installation(ProcessSettings())
    workspace = server.prepared(installation, server.DEFAULT_WORKSPACE)
    address = f"http://{host}:{port}"
    print(f"活水 Wellspring {wellspring.__version__}  {address}")
    if not access.has_password(workspace):
        print(f"首次登录链接（一次有效）/ one-time sign-in link:\n  {server.sign_in_link(workspace, address)}", flush=True)
    server.serve(installation, host=host, port=port)


@cli.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8800,
    seed: Annotated[int, typer.Option(help="小镇的种子 / the town's seed")] = 7,
    days: Annotated[int, typer.Option(help="历史天数 / days of history")] = 365,
) -> None:
    """启动带演示品牌的服务 / start a server with a demo brand inside."""
    server.serve_demo(host=host, port=port, seed=seed, days=days)


@cli.command()
def openapi() -> None:
    """打印 OpenAPI 文档 / print the OpenAPI document."""
    with local.scratch_installation() as installation:
        print(json.dumps(create_app(installation).openapi(), ensure_ascii=False, indent=1))


@cli.command()
def version() -> None:
    """打印版本 / print the version."""
    print(wellspring.__version__)


def _import(kind: str, files: list[Path], mapping: str, options: str, slug: str, *, dry_run: bool) -> None:
    report = local.run_import(kind=kind, paths=files, mapping=mapping, options=json.loads(options), slug=slug, dry_run=dry_run)
    print(json.dumps(report, ensure_ascii=False, indent=1))


Files = Annotated[list[Path], typer.Argument(exists=True, readable=True, help="CSV、XLSX、Parquet，可为 gz 或 zip / files")]
Mapping = Annotated[
    str, typer.Option(help="映射：JSON 文件、preset:名称，空为自动 / mapping: a JSON file, preset:NAME, empty for automatic")
]
Options = Annotated[str, typer.Option(help='选项 JSON / options as JSON: {"time_zone": …, "historical": …}')]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 / check only, write nothing")]


def _add_import(kind: str, words: str) -> None:
    def command(
        files: Files,
        mapping: Mapping = "",
        options: Options = "{}",
        workspace: Slug = server.DEFAULT_WORKSPACE,
        dry_run: DryRun = False,  # noqa: FBT002 - typer's way to a flag
    ) -> None:
        _import(kind, files, mapping, options, workspace, dry_run=dry_run)

    imports.command(kind, help=words)(command)


for _kind, _words in {
    "orders": "导入订单 / import orders",
    "members": "导入会员 / import members",
    "events": "导入事件 / import events",
    "consents": "导入授权 / import consents",
    "tags": "导入标签 / import tags",
    "staff": "导入员工 / import staff",
    "units": "导入组织 / import organisation units",
}.items():
    _add_import(_kind, _words)


@imports.command("undo")
def undo_import(import_id: str, workspace: Slug = server.DEFAULT_WORKSPACE) -> None:
    """撤销一次导入 / undo a whole import."""
    print(json.dumps(local.undo_import(import_id, slug=workspace), ensure_ascii=False, indent=1))


AudienceText = Annotated[str, typer.Argument(help="人群的文字定义 / the definition as text")]
AudienceNamed = Annotated[str, typer.Argument(help="人群的名称或编号 / an audience by name or id")]


@audiences.command("count")
def count_audience(
    text: AudienceText,
    at: Annotated[str, typer.Option(help="过去的时刻 / a past instant, ISO 8601")] = "",
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """按文字定义计数 / count a definition, branch by branch."""
    print(json.dumps(local_audiences.count(text, at=at, slug=workspace), ensure_ascii=False, indent=1))


@audiences.command("members")
def list_audience_members(
    named: AudienceNamed,
    limit: Annotated[int, typer.Option(min=1, help="最多人数 / at most so many")] = 100,
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """列出成员，每行一个 JSON / list members, one JSON object a line."""
    for row in local_audiences.members(named, limit=limit, slug=workspace):
        print(json.dumps(row, ensure_ascii=False))


@audiences.command("explain")
def explain_audience(
    text: AudienceText,
    member: Annotated[str, typer.Argument(help="会员编号 / a member by id or number")],
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """说明某会员为何符合 / say why a definition holds of a member, or does not."""
    print(json.dumps(local_audiences.explain(text, member, slug=workspace), ensure_ascii=False, indent=1))


@audiences.command("export")
def export_audience(
    named: AudienceNamed,
    file: Annotated[Path, typer.Argument(help="写入的文件，.csv 或 .parquet / the file to write")],
    columns: Annotated[str, typer.Option(help="列，逗号分隔；空为脱敏列 / columns, comma-separated; empty for the masked ones")] = "",
    purpose: Annotated[str, typer.Option(help="导出明文的用途 / what plain values are for")] = "",
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """导出成员到文件 / write the members of an audience to a file."""
    wanted = [name.strip() for name in columns.split(",") if name.strip()]
    report = local_audiences.export(named, file, columns=wanted, purpose=purpose, slug=workspace)
    print(json.dumps(report, ensure_ascii=False, indent=1))


@audiences.command("import")
def import_audience(
    name: Annotated[str, typer.Argument(help="新人群的名称 / the name of the new audience")],
    file: Annotated[Path, typer.Argument(exists=True, readable=True, help="每行一个，或取第一列 / one per line, or the first column")],
    kind: Annotated[str, typer.Option(help="身份类型，如 phone；空为会员编号 / kind of identity; empty for member ids")] = "",
    namespace: Annotated[str, typer.Option(help="命名空间，如店铺 / namespace, such as a shop")] = "",
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """把名单导入为人群 / make an audience of a list."""
    print(json.dumps(local_audiences.bring(name, file, kind=kind, namespace=namespace, slug=workspace), ensure_ascii=False, indent=1))


@cli.command()
def backup(file: Path, workspace: Slug = server.DEFAULT_WORKSPACE) -> None:
    """备份到一个文件（可在运行时）/ back up to one file, also while the server runs."""
    print(json.dumps(local.backup(file, slug=workspace), ensure_ascii=False, indent=1))


@cli.command()
def restore(file: Path) -> None:
    """从备份恢复到空的数据目录 / restore a backup into an empty data folder (server stopped, keys.json in place)."""
    with local.opened() as installation:
        known = backups.contents(file)
        restored = backups.restore(installation.create(known.slug), file, log_tables=wiring.log_tables())
    print(json.dumps({"workspace": restored.slug, "tables": restored.tables, "files": restored.files}, ensure_ascii=False, indent=1))


@cli.command("check")
def check_workspace(workspace: Slug = server.DEFAULT_WORKSPACE) -> None:
    """检查不变量 / check what must hold at every instant; exits 1 when something does not."""
    with local.opened() as installation:
        findings = check.findings(installation.workspace(workspace))
    for finding in findings:
        print(f"{'ok ' if finding.holds else 'BROKEN'} {finding.code}  {finding.zh} / {finding.en}")
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


@people.command("propose-duplicates")
def propose_duplicates(
    least: Annotated[float | None, typer.Option(min=0.5, max=0.9999, help="最低概率，空为工作区设置 / least probability")] = None,
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """查找疑似重复的会员，放进冲突队列 / put members who look like one person into the queue of conflicts."""
    print(json.dumps(local.propose_duplicates(least, slug=workspace), ensure_ascii=False, indent=1))


@users.command("link")
def user_link(
    email: Annotated[str, typer.Argument(help="邮箱，空为所有者 / e-mail; empty for the owner")] = "",
    workspace: Slug = server.DEFAULT_WORKSPACE,
) -> None:
    """打印一次性登录链接 / print a one-time sign-in link."""
    print(local.user_link(email, slug=workspace))


@workspaces.command("list")
def list_workspaces() -> None:
    """列出工作区 / list workspaces."""
    with local.opened() as installation:
        print("\n".join(installation.slugs()))


@workspaces.command("create")
def create_workspace(slug: str) -> None:
    """新建工作区 / make a workspace."""
    with local.opened() as installation:
        workspace = server.prepared(installation, slug)
        print(server.sign_in_link(workspace, installation.boot.public_url or "http://127.0.0.1:8800"))


@workspaces.command("delete")
def delete_workspace(slug: str, yes: Annotated[bool, typer.Option("--yes", help="确认 / really")] = False) -> None:  # noqa: FBT002 - typer's way to a flag
    """删除工作区及其全部数据 / delete a workspace with everything in it."""
    if not yes:
        raise typer.BadParameter("add --yes: there is no way back but a backup")
    with local.opened() as installation:
        installation.delete(slug)


@keys.command("rotate")
def rotate_keys() -> None:
    """换用新的加密密钥（旧密钥仍可读）/ seal new values under a fresh key; restart the server afterwards."""
    boot = ProcessSettings()
    path = boot.home / "keys.json"
    file = KeyFile.load(path)
    name = file.rotate()
    file.save(path)
    print(name)


def main() -> None:
    """Runs the command line; a known failure is one line in both languages and exit code 2."""
    logging.getLogger("wellspring").setLevel(logging.INFO)
    try:
        cli()
    except WellspringError as failure:
        print(f"{failure.code}: {failure.detail('zh-CN')} / {failure.detail('en')}", file=sys.stderr)
        raise SystemExit(2) from None
