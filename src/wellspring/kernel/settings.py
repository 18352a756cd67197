"""Settings: those of the process come from the environment, those of a workspace from its store.

A domain declares its group as a frozen pydantic model with defaults; unknown or ill-typed values are refused when they
are put, so reading never fails.
"""

from pathlib import Path
from typing import ClassVar, TypeVar

import pydantic
import pydantic_settings
import sqlalchemy as sa

from wellspring.kernel.stores.sql import Json, Sql, metadata


class ProcessSettings(pydantic_settings.BaseSettings):
    """What the process is told by its environment (WELLSPRING_HOME, WELLSPRING_LAB, …)."""

    model_config = pydantic_settings.SettingsConfigDict(env_prefix="WELLSPRING_", frozen=True)

    home: Path = pydantic.Field(default=Path("wellspring-home"), description="数据目录 / the data folder")
    database_url: str = pydantic.Field(default="", description="PostgreSQL 地址，空为内置 SQLite / PostgreSQL address; empty for SQLite")
    clickhouse_url: str = pydantic.Field(default="", description="ClickHouse 地址，空为内置 chDB / ClickHouse address; empty for chDB")
    clickhouse_cluster: str = pydantic.Field(default="", description="ClickHouse 集群名 / cluster name for Distributed tables")
    files_url: str = pydantic.Field(
        default="", description="文件存储地址，空为数据目录 / fsspec address of the file store; empty for the data folder"
    )
    production: bool = pydantic.Field(default=False, description="生产模式 / production mode: secure cookies, no lab mode")
    lab: bool = pydantic.Field(default=False, description="实验室模式 / lab mode: a virtual clock that can be moved")
    loopback_channels: bool = pydantic.Field(
        default=False, description="允许接入本机上的企业微信模拟器 / channels may call this machine, where the simulator stands"
    )
    public_url: str = pydantic.Field(default="", description="对外访问地址 / the address that people open")
    demo_days: int = pydantic.Field(
        default=365,
        ge=1,
        le=730,
        description="从首页载入的演示品牌有多少天历史 / days of history of the demo brand loaded from the first page",
    )


class SettingsGroup(pydantic.BaseModel):
    """Base of a domain's settings; `group` is the domain's name.

    A group with a title (zh-CN, en) is for people to change, and each of its fields says what it is for as "zh / en".
    One without is state that only the program writes.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    group: ClassVar[str]
    title: ClassVar[tuple[str, str] | None] = None


def for_people() -> list[type[SettingsGroup]]:
    """The groups that people change, by name; every domain's modules must have been imported."""
    return sorted((group for group in SettingsGroup.__subclasses__() if group.title is not None), key=lambda group: group.group)


class WorkspaceSettings(SettingsGroup):
    """What every domain may need to know of the workspace."""

    group: ClassVar[str] = "workspace"

    name: str = pydantic.Field(default="我的品牌", min_length=1, max_length=60)
    time_zone: str = pydantic.Field(default="Asia/Shanghai", max_length=64)
    currency: str = pydantic.Field(default="CNY", pattern="^[A-Z]{3}$")
    locale: str = pydantic.Field(default="zh-CN", pattern="^(zh-CN|en)$")
    is_demo: bool = False


setting_table = sa.Table(
    "kernel_setting",
    metadata,
    sa.Column("group", sa.String(40), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

Group = TypeVar("Group", bound=SettingsGroup)


class Settings:
    """One workspace's settings."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._cache: dict[str, SettingsGroup] = {}

    def get(self, kind: type[Group]) -> Group:
        """The group's present values, defaults where nothing was put."""
        cached = self._cache.get(kind.group)
        if isinstance(cached, kind):
            return cached
        with self._sql.read() as tx:
            stored = tx.execute(sa.select(setting_table.c.value).where(setting_table.c.group == kind.group)).scalar()
        group = kind.model_validate(stored or {})
        self._cache[kind.group] = group
        return group

    def put(self, group: SettingsGroup) -> None:
        """Replaces the group's values; seen by this process at once."""
        value = group.model_dump(mode="json")
        with self._sql.write() as tx:
            known = tx.execute(sa.update(setting_table).where(setting_table.c.group == group.group).values(value=value)).rowcount
            if not known:
                tx.execute(sa.insert(setting_table).values(group=group.group, value=value))
            self._sql.after_commit(lambda: self._forget(group.group))

    def _forget(self, name: str) -> None:
        self._cache.pop(name, None)
