"""The tables of printed designs: designs, their batches, who scanned (hashes of a cookie), and gifts that were given."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

design_table = sa.Table(
    "acquisition_design",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("is_archived", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

# `printed` is the design as it was when the batch was made: paper does not change with the editor.
card_batch_table = sa.Table(
    "acquisition_card_batch",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("design_id", sa.String(40), sa.ForeignKey("acquisition_design.id"), nullable=False, index=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("token", sa.String(40), nullable=False, unique=True),
    sa.Column("code_id", sa.String(40), unique=True),
    sa.Column("shipped", sa.BigInteger, nullable=False),
    sa.Column("shipped_on", sa.Date),
    sa.Column("card_cost_minor", sa.BigInteger, nullable=False),
    sa.Column("gift_cost_minor", sa.BigInteger, nullable=False),
    sa.Column("note", sa.String(200), nullable=False, server_default=""),
    sa.Column("standing", sa.String(8), nullable=False),
    sa.Column("printed", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

card_scan_table = sa.Table(
    "acquisition_card_scan",
    metadata,
    sa.Column("batch_id", sa.String(40), sa.ForeignKey("acquisition_card_batch.id"), primary_key=True),
    sa.Column("scanner", sa.LargeBinary(16), primary_key=True),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("scans", sa.Integer, nullable=False),
    sa.Index("acquisition_card_scan_first", "batch_id", "first_at"),
)
