"""The tables of codes on packages: batches with their sealed keys, the codes that were scanned, draws and prizes.

A code has no row before its first scan: whether it is genuine is computed. The limits of a draw stand in the tables too,
so that no mistake above them can pay out more than was published.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

package_batch_table = sa.Table(
    "acquisition_item_batch",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("no", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("product", sa.String(120), nullable=False),
    sa.Column("sku", sa.String(80), nullable=False, server_default=""),
    sa.Column("note", sa.String(200), nullable=False, server_default=""),
    sa.Column("codes", sa.BigInteger, nullable=False),
    sa.Column("sealed_key", sa.LargeBinary, nullable=False),
    sa.Column("code_id", sa.String(40)),
    sa.Column("code_cost_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
)

# `scanner` is who scanned first, `holder` whom the code is bound to: hashes of a cookie, told by nobody to anyone.
item_code_table = sa.Table(
    "acquisition_item_code",
    metadata,
    sa.Column("batch_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("serial", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("scans", sa.Integer, nullable=False),
    # Scans by others than the one who scanned last: what a copied code is known by.
    sa.Column("others", sa.Integer, nullable=False, server_default="0"),
    sa.Column("scanner", sa.LargeBinary(16)),
    sa.Column("holder", sa.LargeBinary(16)),
    sa.Column("bound_at", Instant),
    sa.Column("member_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("drawn_at", Instant),
    sa.Column("prize_id", sa.String(40)),
    sa.Column("handed_at", Instant),
    sa.Column("handed_by", sa.String(64), nullable=False, server_default=""),
    sa.Index("acquisition_item_code_first", "batch_no", "first_at"),
    sa.Index("acquisition_item_code_member", "member_no"),
    sa.Index("acquisition_item_code_prize", "prize_id", "drawn_at"),
)

draw_table = sa.Table(
    "acquisition_draw",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("batch_id", sa.String(40), sa.ForeignKey("acquisition_item_batch.id"), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("tickets", sa.BigInteger, nullable=False),
    sa.Column("budget_minor", sa.BigInteger, nullable=False),
    sa.Column("spent_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("drawn", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("sealed_seed", sa.LargeBinary, nullable=False),
    sa.Column("seed_hash", sa.String(64), nullable=False),
    sa.Column("published_at", Instant),
    sa.Column("revealed_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.CheckConstraint("spent_minor >= 0 AND spent_minor <= budget_minor", name="acquisition_draw_within_budget"),
    sa.CheckConstraint("drawn >= 0 AND drawn <= tickets", name="acquisition_draw_within_tickets"),
)

prize_table = sa.Table(
    "acquisition_prize",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("draw_id", sa.String(40), sa.ForeignKey("acquisition_draw.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("pieces", sa.BigInteger, nullable=False),
    sa.Column("value_minor", sa.BigInteger, nullable=False),
    sa.Column("won", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("won >= 0 AND won <= pieces", name="acquisition_prize_within_pieces"),
)

# Codes that were typed and are none, by the hash of the address they came from.
guess_table = sa.Table(
    "acquisition_guess",
    metadata,
    sa.Column("address", sa.LargeBinary(16), primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
)
