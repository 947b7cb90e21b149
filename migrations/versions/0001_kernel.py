"""What every feature needs: audit, stored answers, limits and the job queue."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from procrastinate import schema
from sqlalchemy.dialects import postgresql
from walls import actors_rows, all_rows, merchants_rows, persons_rows, wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("merchant_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "stored_answers",
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.UUID(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_stored_answers")),
    )
    op.create_table(
        "limit_counters",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "window_start", name=op.f("pk_limit_counters")),
    )
    op.create_index("ix_audit_entries_merchant_id_at", "audit_entries", ["merchant_id", "at"])
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_actor_id_at", "audit_entries", ["actor_id", "at"])
    wall(
        "audit_entries",
        office=merchants_rows("SELECT, INSERT"),
        person=persons_rows("SELECT, INSERT", "actor_id"),
        platform=all_rows("SELECT, INSERT"),
        job=all_rows("INSERT"),
        gate=all_rows("INSERT"),
    )
    wall(
        "stored_answers",
        office=actors_rows("SELECT, INSERT, UPDATE (answer)"),
        person=actors_rows("SELECT, INSERT, UPDATE (answer)"),
        platform=actors_rows("SELECT, INSERT, UPDATE (answer)"),
        job=all_rows("SELECT, DELETE"),
    )
    # Digests without an owner: counted by the web role itself, outside every Work.
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON limit_counters TO portal_web")
    _job_queue()


def _job_queue() -> None:
    """Procrastinate's own tables in their own schema; every face may enqueue, nobody but the worker may look."""
    sql = (Path(schema.__file__).parent / "sql" / "schema.sql").read_text(encoding="utf-8")
    cursor = op.get_bind().connection.cursor()
    cursor.execute("CREATE SCHEMA jobs; SET LOCAL search_path = jobs, public")
    cursor.execute(sql)
    cursor.execute("SET LOCAL search_path = public")
    cursor.execute(
        """
        GRANT USAGE ON SCHEMA jobs
            TO portal_web, face_shop, face_person, face_office, face_platform, face_job, face_gate;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO portal_web;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO portal_web;
        DO $$ DECLARE f regprocedure; BEGIN
          FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                   WHERE n.nspname = 'jobs' AND p.proname LIKE 'procrastinate_defer%' LOOP
            EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = jobs, pg_temp', f);
          END LOOP;
        END $$;
        """
    )
    cursor.close()


def downgrade() -> None:
    op.execute("DROP SCHEMA jobs CASCADE")
    op.drop_table("limit_counters")
    op.drop_table("stored_answers")
    op.drop_table("audit_entries")
