"""The tables of campaigns: what people wrote, each time that one went, and marketing calendars."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

campaign_table = sa.Table(
    "engagement_campaign",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # NULL: nothing is ahead.
    sa.Column("next_at", Instant),
    sa.Column("occurrences", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("launched_at", Instant),
    sa.Index("engagement_campaign_due", "state", "next_at"),
    sa.Index("engagement_campaign_shown", "kind", "changed_at"),
)

occurrence_table = sa.Table(
    "engagement_occurrence",
    metadata,
    sa.Column("campaign_id", sa.String(40), sa.ForeignKey("engagement_campaign.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("audience", sa.Integer, nullable=False),
    sa.Column("planned", sa.Integer, nullable=False),
    sa.Column("held", sa.Integer, nullable=False),
    sa.Column("dropped", Json, nullable=False),
    sa.Index("engagement_occurrence_at", "at"),
)

calendar_table = sa.Table(
    "engagement_calendar",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("nodes", Json, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
