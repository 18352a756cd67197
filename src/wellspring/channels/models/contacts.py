"""Contacts, relations with their history, welcomes, staff as the platform knows them, and runs of sync.

A relation's state is a function of instants that only grow (when it was last added, lost, deleted, transferred) and of
the newest truth fetched, so callbacks may come in any order and any number of times.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

contact_table = sa.Table(
    "channels_contact",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    # The owner's number as One-ID gave it; merged numbers are mapped when read.
    sa.Column("member_no", sa.BigInteger, nullable=False, index=True),
    sa.Column("name", sa.LargeBinary),
    sa.Column("name_masked", sa.String(60)),
    sa.Column("kind", sa.Integer, nullable=False, server_default="0"),
    sa.Column("gender", sa.Integer, nullable=False, server_default="0"),
    sa.Column("avatar", sa.String(500), nullable=False, server_default=""),
    sa.Column("unionid", sa.String(64), nullable=False, server_default=""),
    sa.Column("corp_name", sa.String(120), nullable=False, server_default=""),
    # Of everything above, so that what did not change is neither opened nor written anew.
    sa.Column("mark", sa.LargeBinary(16)),
    sa.Column("is_following", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("first_added_at", Instant),
    sa.Column("last_added_at", Instant),
    # Grows with every truth taken: one that was asked for before another one was taken is asked for again. Beside it the
    # microseconds of the machine when it was taken, for whoever learns many at once and cannot ask for each again.
    sa.Column("taken_real", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("taken_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("fetched_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("channels_contact_added", "last_added_at"),
)

relation_table = sa.Table(
    "channels_relation",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    sa.Column("userid", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("is_half", sa.Boolean, nullable=False, server_default=sa.false()),
    # Whether the newest truth names the staff member as a follower; unknown before the first one.
    sa.Column("is_followed", sa.Boolean),
    # When the platform says the present relation began.
    sa.Column("created_at", Instant),
    sa.Column("added_at", Instant),
    sa.Column("half_at", Instant),
    sa.Column("lost_at", Instant),
    sa.Column("deleted_at", Instant),
    sa.Column("transferred_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("state_text", sa.String(64), nullable=False, server_default=""),
    sa.Column("add_way", sa.Integer, nullable=False, server_default="0"),
    sa.Column("oper_userid", sa.String(64), nullable=False, server_default=""),
    # Remark, description, company and phones that the staff member noted: one sealed JSON text.
    sa.Column("notes", sa.LargeBinary),
    sa.Column("notes_mark", sa.LargeBinary(16)),
    sa.Column("remark_masked", sa.String(60)),
    sa.Column("tag_ids", Json, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("seen_in", sa.String(40), nullable=False, server_default=""),
    sa.Index("channels_relation_staff", "account_id", "userid", "state"),
    sa.Index("channels_relation_ended", "ended_at"),
)

# What happened to a relation and when, each once: the key is what makes a second telling no second happening.
change_table = sa.Table(
    "channels_relation_change",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("external_userid", sa.String(64), nullable=False),
    sa.Column("userid", sa.String(64), nullable=False),
    # added, half, lost, deleted, transferred, refused (a transfer).
    sa.Column("verb", sa.String(12), nullable=False),
    sa.Column("at", Instant, nullable=False),
    # A callback, or found by a sync that knows the day but not the event.
    sa.Column("is_found", sa.Boolean, nullable=False),
    sa.Column("state_text", sa.String(64), nullable=False, server_default=""),
    sa.Column("add_way", sa.Integer, nullable=False, server_default="0"),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("days", sa.Integer),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("is_logged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("account_id", "external_userid", "userid", "verb", "at"),
    sa.Index(
        "channels_relation_change_unlogged",
        "id",
        sqlite_where=sa.text("is_logged = 0"),
        postgresql_where=sa.text("NOT is_logged"),
    ),
    sa.Index("channels_relation_change_recorded", "verb", "recorded_at"),
)

welcome_table = sa.Table(
    "channels_welcome",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("external_userid", sa.String(64), nullable=False),
    sa.Column("userid", sa.String(64), nullable=False),
    # A welcome code is good for one message: one row, whoever comes with it.
    sa.Column("code_mark", sa.LargeBinary(16), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("variant", sa.String(60), nullable=False, server_default=""),
    sa.Column("answer_code", sa.Integer, nullable=False, server_default="0"),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("planned_at", Instant, nullable=False),
    sa.Column("called_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("latency_millis", sa.Integer),
    sa.UniqueConstraint("account_id", "code_mark"),
    sa.Index(
        "channels_welcome_open",
        "id",
        sqlite_where=sa.text("state IN ('planned', 'calling')"),
        postgresql_where=sa.text("state IN ('planned', 'calling')"),
    ),
    sa.Index("channels_welcome_planned", "planned_at"),
)

staff_table = sa.Table(
    "channels_staff",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("userid", sa.String(64), primary_key=True),
    # In the organisation; chosen by hand or found by an equal code.
    sa.Column("staff_id", sa.String(40), index=True),
    sa.Column("is_chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("name", sa.String(64), nullable=False, server_default=""),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("can_contact", sa.Boolean, nullable=False),
    sa.Column("synced_at", Instant, nullable=False),
)

sync_table = sa.Table(
    "channels_sync",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False, index=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("phase", sa.String(12), nullable=False),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer, nullable=False, server_default="0"),
    sa.Column("contacts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("relations", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("job_id", sa.String(40), nullable=False, server_default=""),
    sa.Column("problem_code", sa.Integer),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
)

# How far a run is with each part of the staff: the cursor to go on with, kept together with the page before it.
place_table = sa.Table(
    "channels_sync_place",
    metadata,
    sa.Column("sync_id", sa.String(40), sa.ForeignKey("channels_sync.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("userids", Json, nullable=False),
    sa.Column("cursor", sa.Text, nullable=False, server_default=""),
    sa.Column("is_done", sa.Boolean, nullable=False, server_default=sa.false()),
)
