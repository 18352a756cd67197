"""What crosses the front door of imports: kinds, mappings, options, what was detected, reports; permissions.

A mapping is data: it travels as JSON, is remembered by the signature of a file's header, and presets are nothing but
mappings that ship. All models are frozen; unknown keys are refused.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from typing import Any, Literal, NewType

import pydantic

ImportId = NewType("ImportId", str)


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    RUN_READ = "imports:run:read"
    RUN_WRITE = "imports:run:write"
    REJECTS_READ = "imports:rejects:read"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.RUN_READ: ("查看导入记录", "See imports"),
    Permission.RUN_WRITE: ("导入文件与撤销导入", "Import files and undo imports"),
    Permission.REJECTS_READ: ("下载被拒绝的行（含明文）", "Download rejected rows (plain values)"),
}


class Kind(enum.StrEnum):
    """What a file's rows are."""

    MEMBERS = "members"
    ORDERS = "orders"
    EVENTS = "events"
    CONSENTS = "consents"
    TAGS = "tags"
    STAFF = "staff"
    UNITS = "units"


class State(enum.StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class FieldType(enum.StrEnum):
    """How a field's text is read."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    TIME = "time"
    BOOLEAN = "boolean"


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", str_max_length=2000)


class Taken(_Part):
    """Where a field's value comes from: a column, or a constant, with how to read it."""

    column: str | None = None
    constant: str | None = None
    time_format: str = "auto"
    values: dict[str, str] = {}
    # For attributes and event properties, whose type the field does not say.
    type: FieldType | None = None
    # Splits the text and takes a part, or (tags) all parts.
    separator: str = ""
    part: int | None = None


class Layout(_Part):
    """How the file is written; "auto" is found out."""

    encoding: str = "auto"
    delimiter: str = "auto"
    header: bool | None = None
    # Names of the columns where there is no header line.
    columns: list[str] = []


class TableMapping(_Part):
    """One of several related files: the role it plays and where its fields come from."""

    fields: dict[str, Taken]
    layout: Layout = Layout()


class Mapping(_Part):
    """How a file's columns become fields. For several related files `tables` maps each role instead of `fields`."""

    kind: Kind
    fields: dict[str, Taken] = {}
    layout: Layout = Layout()
    tables: dict[str, TableMapping] = {}
    time_zone: str | None = None
    currency: str | None = pydantic.Field(default=None, pattern="^[A-Z]{3}$")
    shop: str | None = None
    # Orders: an order number that begins so is a cancellation of earlier lines, or no sale at all.
    cancel_prefix: str = ""
    no_sale_prefix: str = ""
    # Orders: derive the order number from buyer, day and place in the file, where the file has none.
    derive_order_no: bool = False
    # Orders: the paid column is what was left after refunds; gross paid = paid + refund.
    paid_is_net: bool = False
    # Orders: the states (after `values`) in which nothing has been paid even where an amount stands.
    preset: str = ""


class Options(_Part):
    """How an import is run."""

    update_mode: Literal["upsert", "insert_only", "update_only"] = "upsert"
    historical: bool | None = None
    time_zone: str | None = None
    currency: str | None = pydantic.Field(default=None, pattern="^[A-Z]{3}$")
    shop: str | None = pydantic.Field(default=None, max_length=60)


@dataclasses.dataclass(frozen=True)
class Field:
    """A target that a column can be mapped to; `name` may end in ".*" (attributes, properties)."""

    name: str
    zh: str
    en: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    help_zh: str = ""
    help_en: str = ""
    synonyms: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a file as seen in its first rows."""

    name: str
    type: FieldType
    empty: int
    samples: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Detected:
    """What was found out about a file from its beginning."""

    format: str
    encoding: str
    delimiter: str
    header: bool
    columns: Sequence[Column]
    sample_rows: Sequence[Sequence[str]]
    rows_estimate: int
    size_bytes: int
    is_exact: bool = False

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [column.name for column in self.columns]


@dataclasses.dataclass(frozen=True)
class ImportFile:
    """A file of an import: sealed in the file store, or a path of this machine (command line only)."""

    name: str
    file_id: str | None
    path: str | None
    size_bytes: int
    detected: Detected
    role: str = ""


@dataclasses.dataclass(frozen=True)
class Report:
    """The result of a dry run or an import: counts, money per column, rejects by reason, and how it adds up."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    reasons: Sequence[ReadOnly[str, Any]] = ()
    money: Sequence[ReadOnly[str, Any]] = ()
    counts: ReadOnly[str, int] = dataclasses.field(default_factory=dict)
    samples: Sequence[ReadOnly[str, Any]] = ()

    def json(self) -> dict[str, Any]:
        """As plain values for a JSON column or answer."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Import:
    """An import as the console shows it."""

    id: ImportId
    kind: Kind
    name: str
    state: State
    stage: str
    files: Sequence[ImportFile]
    mapping: Mapping | None
    options: Options
    created_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    job_id: str | None
    report: ReadOnly[str, Any] | None
    dry_report: ReadOnly[str, Any] | None
    rejects_file_id: str | None
    replay_of: str | None
    version: int
