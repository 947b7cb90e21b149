"""Tables of lists that come in, of past orders; and drafts that an import made may be thrown away again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, delete_only, merchants_rows, undelete, wall

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batches",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("strangers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("stopping", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_by", sa.UUID(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('products', 'prices', 'stock', 'tracking', 'history')", name=op.f("ck_import_batches_kind")
        ),
        sa.CheckConstraint(
            "state IN ('reading', 'unreadable', 'ready', 'discarded', 'applying', 'stopped', 'applied', 'undoing', "
            "'undone')",
            name=op.f("ck_import_batches_state"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_import_batches_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_import_batches")),
    )
    op.create_index("ix_import_batches_merchant_id_made_at", "import_batches", ["merchant_id", "made_at"], unique=False)
    op.create_index(
        "ix_import_batches_touched_at",
        "import_batches",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('reading', 'applying', 'undoing')"),
    )
    op.create_table(
        "import_rows",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'failed', 'undone', 'left')", name=op.f("ck_import_rows_state")),
        sa.CheckConstraint("verdict IN ('new', 'changed', 'same', 'wrong')", name=op.f("ck_import_rows_verdict")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "batch_id"],
            ["import_batches.merchant_id", "import_batches.id"],
            name=op.f("fk_import_rows_merchant_id_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "batch_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_key", "import_rows", ["merchant_id", "key"], unique=False)
    op.create_index(
        "ix_import_rows_trouble",
        "import_rows",
        ["merchant_id", "batch_id", "number"],
        unique=False,
        postgresql_where=sa.text("verdict = 'wrong' OR state IN ('failed', 'left')"),
    )
    op.create_index(
        "ix_import_rows_verdict", "import_rows", ["merchant_id", "batch_id", "verdict", "number"], unique=False
    )
    op.create_table(
        "archive_lines",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("amount", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_archive_lines_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "batch_id", "number", name=op.f("pk_archive_lines")),
    )
    op.create_index("ix_archive_lines_code", "archive_lines", ["merchant_id", "code"], unique=False)
    op.create_index("ix_archive_lines_customer", "archive_lines", ["merchant_id", "customer"], unique=False)
    op.create_index("ix_archive_lines_digest", "archive_lines", ["merchant_id", "digest"], unique=False)
    op.create_index(
        "ix_archive_lines_order_number",
        "archive_lines",
        ["merchant_id", "order_number"],
        unique=False,
        postgresql_ops={"order_number": "text_pattern_ops"},
    )
    op.create_index(
        "ix_archive_lines_placed_at", "archive_lines", ["merchant_id", "placed_at", "batch_id", "number"], unique=False
    )
    op.create_table(
        "archive_orders",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_archive_orders_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "currency", "order_number", name=op.f("pk_archive_orders")),
    )
    op.create_table(
        "archive_months",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("cancelled", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_archive_months_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "currency", "month", name=op.f("pk_archive_months")),
    )

    office = merchants_rows("SELECT, INSERT, UPDATE")
    wall("import_batches", office=office, job=all_rows("SELECT, UPDATE"))
    wall("import_rows", office=office, job=all_rows("SELECT, DELETE"))
    for table in ("archive_lines", "archive_orders", "archive_months"):
        whole = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
        wall(table, office=whole, platform=all_rows("SELECT"), job=all_rows("SELECT"))
    delete_only("products", "office", "state = 'draft' AND approved_at IS NULL")


def downgrade() -> None:
    undelete("products", "office")
    op.drop_table("archive_months")
    op.drop_table("archive_orders")
    op.drop_table("archive_lines")
    op.drop_table("import_rows")
    op.drop_table("import_batches")
