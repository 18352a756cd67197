"""The tables of touches: intents, calls, what each member got, what was said, who was left out and why, and the rules.

An intent holds its members as a set and shrinks as calls are cut from it, so that a campaign of a million is a few rows
until it goes. A touch is a row from before its call on, once for ever in its scope and once for an address there.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _origin() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("origin_kind", sa.String(10), nullable=False),
        sa.Column("origin_id", sa.String(40), nullable=False),
        sa.Column("origin_version", sa.Integer, nullable=False),
        sa.Column("origin_node", sa.String(40), nullable=False),
    ]


batch_table = sa.Table(
    "engagement_batch",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    *_origin(),
    sa.Column("scope", sa.String(200), nullable=False),
    sa.Column("content_id", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("account_id", sa.String(40), nullable=False),
    # The userid of the guide; empty where nobody has to send.
    sa.Column("sender", sa.String(80), nullable=False),
    sa.Column("purpose", sa.String(10), nullable=False),
    sa.Column("tags", Json, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("expires_at", Instant),
    # By what a guide is chosen, should the plan be made again.
    sa.Column("senders", Json, nullable=False),
    sa.Column("is_held_out_checked", sa.Boolean, nullable=False),
    # Those who are still to be cut into calls, and how many there were.
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("left", sa.Integer, nullable=False),
    # Member → instance, where the origin touches by instance; {} otherwise.
    sa.Column("keys", Json, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("release_at", Instant, nullable=False),
    sa.Column("planned_at", Instant, nullable=False),
    # When the caps were charged; NULL while the batch waits for its time. The members by local day, as they were counted.
    sa.Column("charged_at", Instant),
    sa.Column("days", Json, nullable=False),
    sa.Column("fence", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_until", Instant),
    sa.Column("reason", sa.String(20), nullable=False, server_default=""),
    sa.Index("engagement_batch_due", "state", "release_at"),
    sa.Index("engagement_batch_of_origin", "origin_kind", "origin_id"),
)

parcel_table = sa.Table(
    "engagement_parcel",
    metadata,
    # Also the key under which the provider knows the call, where it takes one.
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("batch_id", sa.String(40), nullable=False, index=True),
    *_origin(),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("sender", sa.String(80), nullable=False),
    sa.Column("body_hash", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fence", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_until", Instant),
    sa.Column("provider_id", sa.String(120), nullable=False, server_default=""),
    sa.Column("problem", sa.String(200), nullable=False, server_default=""),
    sa.Column("called_at", Instant),
    # When to ask next what became of it, and until when an end is waited for.
    sa.Column("ask_at", Instant),
    sa.Column("deadline_at", Instant),
    sa.Column("reminders", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reminded_at", Instant),
    sa.Column("is_dead", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("resolution", sa.String(12), nullable=False, server_default=""),
    sa.Column("resolved_by", sa.String(64), nullable=False, server_default=""),
    sa.Column("resolved_at", Instant),
    sa.Index("engagement_parcel_due", "state", "due_at"),
    sa.Index("engagement_parcel_ask", "ask_at"),
    sa.Index("engagement_parcel_dead", "is_dead", "called_at"),
)

send_table = sa.Table(
    "engagement_send",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("parcel_key", sa.String(40), nullable=False, index=True),
    sa.Column("batch_id", sa.String(40), nullable=False),
    *_origin(),
    sa.Column("scope", sa.String(200), nullable=False),
    sa.Column("instance", sa.String(120), nullable=False, server_default=""),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    # As channels names it: never a phone or e-mail address in plain. Empty where there was none.
    sa.Column("address", sa.String(120), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("content_id", sa.String(40), nullable=False),
    sa.Column("sender", sa.String(80), nullable=False),
    sa.Column("fate", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(80), nullable=False, server_default=""),
    sa.Column("is_charged", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # How much of it the log of activity has heard (`contracts.touches.Told`).
    sa.Column("told", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index("engagement_send_of_origin", "origin_kind", "origin_id", "fate"),
    sa.Index("engagement_send_of_member", "member_no", "at"),
)
# Once for ever for a member, and one slot for an address, whoever of its holders comes first; what was never sent takes none.
_IS_OWED = send_table.c.told.in_([sa.literal_column("1"), sa.literal_column("3")])
sa.Index("engagement_send_owed", send_table.c.id, sqlite_where=_IS_OWED, postgresql_where=_IS_OWED)
_IS_MADE = send_table.c.fate != sa.literal_column("'dropped'")
sa.Index(
    "engagement_send_once",
    send_table.c.scope,
    send_table.c.member_no,
    send_table.c.instance,
    unique=True,
    sqlite_where=_IS_MADE,
    postgresql_where=_IS_MADE,
)
sa.Index(
    "engagement_send_address",
    send_table.c.scope,
    send_table.c.address,
    send_table.c.instance,
    unique=True,
    sqlite_where=_IS_MADE,
    postgresql_where=_IS_MADE,
)

body_table = sa.Table(
    "engagement_body",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    # A rendered body may hold a name, so it is sealed.
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

drop_table = sa.Table(
    "engagement_drop",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    *_origin(),
    sa.Column("scope", sa.String(200), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("content_id", sa.String(40), nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("engagement_drop_of_origin", "origin_kind", "origin_id"),
)

rule_table = sa.Table(
    "engagement_rule",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    # cap, quiet or law.
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("changed_by", sa.String(64), nullable=False),
)
