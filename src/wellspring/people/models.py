"""The tables of people. Personal values are only in `sealed` columns, their masks beside them.

Everything that a source told stays under the number it was told about (`member_no` of an identity, an attribute
change, a consent change): `people_member.merged_into` alone says whose it is now. A member's row is never deleted.
"""

import sqlalchemy as sa

from wellspring.kernel.stores.log import LogTable
from wellspring.kernel.stores.sql import Instant, Json, metadata

KEY_BYTES = 16
Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")

member_table = sa.Table(
    "people_member",
    metadata,
    sa.Column("member_no", Number, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("state", sa.String(8), nullable=False),
    # The member that holds this one now; flat: never a number that is itself merged.
    sa.Column("merged_into", Number),
    sa.Column("home_unit_id", sa.String(40)),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("identified", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("import_id", sa.String(40)),
    sa.Index("people_member_by_source", "source", "member_no"),
    sa.Index("people_member_by_seen", "last_seen_at", "member_no"),
    sa.Index("people_member_by_created", "created_at", "member_no"),
)
sa.Index(
    "people_member_by_unit",
    member_table.c.home_unit_id,
    member_table.c.member_no,
    sqlite_where=member_table.c.home_unit_id.is_not(None),
    postgresql_where=member_table.c.home_unit_id.is_not(None),
)
sa.Index(
    "people_member_by_holder",
    member_table.c.merged_into,
    sqlite_where=member_table.c.merged_into.is_not(None),
    postgresql_where=member_table.c.merged_into.is_not(None),
)
sa.Index(
    "people_member_departed",
    member_table.c.state,
    member_table.c.member_no,
    sqlite_where=member_table.c.state != "active",
    postgresql_where=member_table.c.state != "active",
)

identity_table = sa.Table(
    "people_identity",
    metadata,
    sa.Column("key", sa.LargeBinary(KEY_BYTES), primary_key=True),
    sa.Column("member_no", Number, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("namespace", sa.String(64), nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("mask", sa.String(120)),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("import_id", sa.String(40)),
)

# Namespaces seen per kind: few rows, so that a search can try each of them.
namespace_table = sa.Table(
    "people_namespace",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("namespace", sa.String(64), primary_key=True),
)

# The values in force, of the member who holds them now.
attribute_table = sa.Table(
    "people_attribute",
    metadata,
    sa.Column("member_no", Number, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("mask", sa.String(120)),
    sa.Column("blind", sa.LargeBinary(KEY_BYTES)),
    sa.Column("at", Instant, nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sqlite_with_rowid=False,
)
sa.Index(
    "people_attribute_by_blind",
    attribute_table.c.blind,
    sqlite_where=attribute_table.c.blind.is_not(None),
    postgresql_where=attribute_table.c.blind.is_not(None),
)

# Every observation, of the number it was told about. The digest makes telling the same twice one row.
change_table = sa.Table(
    "people_attribute_change",
    metadata,
    sa.Column("member_no", Number, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("digest", sa.LargeBinary(KEY_BYTES), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("mask", sa.String(120)),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("import_id", sa.String(40)),
    sqlite_with_rowid=False,
)

catalogue_table = sa.Table(
    "people_attribute_name",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
)

# The state belongs to the address (N09): `address` is an identity's key, or stands for the person as a whole.
consent_table = sa.Table(
    "people_consent",
    metadata,
    sa.Column("address", sa.LargeBinary(KEY_BYTES), primary_key=True),
    sa.Column("purpose", sa.String(40), primary_key=True),
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("explicit", sa.Boolean, nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("version", sa.String(60), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

consent_change_table = sa.Table(
    "people_consent_change",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("address", sa.LargeBinary(KEY_BYTES), nullable=False),
    sa.Column("purpose", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("member_no", Number, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("explicit", sa.Boolean, nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("version", sa.String(60), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("import_id", sa.String(40)),
    sa.Index("people_consent_change_by_address", "address", "purpose", "channel"),
)

merge_table = sa.Table(
    "people_merge",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("survivor_no", Number, nullable=False, index=True),
    sa.Column("loser_no", Number, nullable=False, index=True),
    sa.Column("rule", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("survivor_first_seen_at", Instant, nullable=False),
    sa.Column("survivor_last_seen_at", Instant, nullable=False),
    sa.Column("import_id", sa.String(40)),
    sa.Column("undone_at", Instant),
    sa.Column("undone_by", sa.String(64)),
    sa.Column("undo_reason", sa.Text),
)

conflict_table = sa.Table(
    "people_conflict",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("key", sa.LargeBinary(KEY_BYTES), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("holder_no", Number, nullable=False, index=True),
    sa.Column("claimant_no", Number, nullable=False, index=True),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("decision", sa.String(16)),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("decided_at", Instant),
    sa.Column("decision_reason", sa.Text),
    # Of a likely duplicate: how likely the two are one person, and what each field says; never a value.
    sa.Column("probability", sa.Float),
    sa.Column("fields", Json),
)

suppression_table = sa.Table(
    "people_suppression",
    metadata,
    sa.Column("key", sa.LargeBinary(KEY_BYTES), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("receipt_id", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

erasure_table = sa.Table(
    "people_erasure",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("member_nos", Json, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("removed", Json, nullable=False),
    sa.Column("job_id", sa.String(40), nullable=False),
)

# One row: counts every change of who holds what, so that each process knows when its cache is stale.
epoch_table = sa.Table(
    "people_epoch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("value", sa.BigInteger, nullable=False),
)

# The one thing of people that the analytical store is told: when each number was given.
made_log = LogTable(
    name="people_member_made",
    columns=(("member_no", "UInt32"), ("at", "DateTime64(3, 'UTC')")),
    order_by="member_no",
    arrival="",
)

LOG_TABLES = [made_log]
