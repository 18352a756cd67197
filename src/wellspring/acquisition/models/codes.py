"""The tables of codes: what people wrote, how it stands at the platform, who came, who was lost, what each day brought.

An arrival is kept once however often it is told: its key is made of whom, by whom and when. What the log of activity
is still to be told of stands in `told_at`. Nothing here holds a name or another personal value.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

code_table = sa.Table(
    "acquisition_code",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("name", sa.String(120), nullable=False, unique=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("folder", sa.String(60), nullable=False, server_default=""),
    # In the address of a page that customers open: unguessable, never an id.
    sa.Column("token", sa.String(40), nullable=False, unique=True),
    sa.Column("content", Json, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # When the code's staff must be looked at again: a shift begins, a day ends, somebody's day is full. NULL: nothing changes by itself.
    sa.Column("due_at", Instant),
    # When its pictures and files must be: one is missing, or the platform forgets one soon.
    sa.Column("tend_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    # What the platform knows the welcome's files by: "kind:file" → [id or address, expiry as ISO or ""].
    sa.Column("media", Json, nullable=False),
    sa.Index("acquisition_code_due", "due_at"),
    sa.Index("acquisition_code_tend", "tend_at"),
)

way_table = sa.Table(
    "acquisition_way",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("code_id", sa.String(40), sa.ForeignKey("acquisition_code.id"), nullable=False, index=True),
    sa.Column("unit_id", sa.String(40)),
    sa.Column("state", sa.String(30), nullable=False, unique=True),
    sa.Column("standing", sa.String(8), nullable=False),
    # How channels calls it; empty while nobody could be put into it.
    sa.Column("entrance_id", sa.String(40), nullable=False, server_default="", index=True),
    sa.Column("url", sa.Text, nullable=False, server_default=""),
    sa.Column("picture_id", sa.String(40), nullable=False, server_default=""),
    # Who serves it as the platform is told, and why them.
    sa.Column("staff_ids", Json, nullable=False),
    sa.Column("duty", sa.String(10), nullable=False, server_default=""),
    sa.Column("problem", sa.Text, nullable=False, server_default=""),
    sa.Column("turned_at", Instant),
)

arrival_table = sa.Table(
    "acquisition_arrival",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("external_userid", sa.String(80), nullable=False),
    # Who was added; empty for a group, which is named instead.
    sa.Column("userid", sa.String(80), nullable=False),
    sa.Column("chat_id", sa.String(80), nullable=False, server_default=""),
    sa.Column("staff_id", sa.String(40)),
    # Where the member of staff worked on that day.
    sa.Column("unit_id", sa.String(40)),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("code_id", sa.String(40)),
    sa.Column("way_id", sa.String(40)),
    sa.Column("state", sa.String(64), nullable=False, server_default=""),
    sa.Column("add_way", sa.Integer),
    sa.Column("at", Instant, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("is_returning", sa.Boolean, nullable=False),
    sa.Column("left_at", Instant),
    sa.Column("left_day", sa.Date),
    sa.Column("left_reason", sa.String(20), nullable=False, server_default=""),
    sa.Column("told_at", Instant),
    sa.Index("acquisition_arrival_of_code", "code_id", "day"),
    sa.Index("acquisition_arrival_of_day", "day", "userid"),
    sa.Index("acquisition_arrival_of_member", "member_no"),
    sa.Index("acquisition_arrival_of_pair", "external_userid", "userid"),
    sa.Index("acquisition_arrival_untold", "told_at", "id"),
)

loss_table = sa.Table(
    "acquisition_loss",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("external_userid", sa.String(80), nullable=False),
    sa.Column("userid", sa.String(80), nullable=False),
    sa.Column("staff_id", sa.String(40)),
    sa.Column("unit_id", sa.String(40)),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("code_id", sa.String(40)),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("days", sa.Integer),
    sa.Column("handled_at", Instant),
    sa.Column("handled_by", sa.String(120), nullable=False, server_default=""),
    sa.Column("note", sa.String(300), nullable=False, server_default=""),
    sa.Index("acquisition_loss_at", "at", "id"),
    sa.Index("acquisition_loss_of_day", "day", "userid"),
    sa.Index("acquisition_loss_of_member", "member_no"),
)

# How often a page of ours, or an acquisition link, was opened for a code; of scans of its own pictures the platform tells nothing.
scan_table = sa.Table(
    "acquisition_scan",
    metadata,
    sa.Column("code_id", sa.String(40), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("opened", sa.BigInteger, nullable=False),
    sa.Column("located", sa.BigInteger, nullable=False),
    sa.Column("picked", sa.BigInteger, nullable=False),
)

report_table = sa.Table(
    "acquisition_report",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("userid", sa.String(80), primary_key=True),
    sa.Column("staff_id", sa.String(40)),
    sa.Column("staff_name", sa.String(120), nullable=False, server_default=""),
    sa.Column("unit_id", sa.String(40)),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("newcomers", sa.Integer, nullable=False),
    sa.Column("came_back", sa.Integer, nullable=False),
    sa.Column("lost", sa.Integer, nullable=False),
    sa.Column("deleted", sa.Integer, nullable=False),
    sa.Column("staying", sa.Integer, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
