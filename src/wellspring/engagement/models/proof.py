"""Experiments and who was exposed to them: a row per experiment, and one per arm and planning with its set of members.

A member stands in one exposure of an experiment at most; who is known to an origin already is not exposed again.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

experiment_table = sa.Table(
    "engagement_experiment",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("origin_kind", sa.String(12), nullable=False),
    sa.Column("origin_id", sa.String(40), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("design", Json, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("started_by", sa.String(64), nullable=False),
    sa.Column("ended_at", Instant),
    sa.UniqueConstraint("origin_kind", "origin_id", "revision", name="engagement_experiment_revision"),
)

exposure_table = sa.Table(
    "engagement_exposure",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("experiment_id", sa.String(40), sa.ForeignKey("engagement_experiment.id"), nullable=False, index=True),
    sa.Column("arm", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("units", sa.Integer, nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
)
