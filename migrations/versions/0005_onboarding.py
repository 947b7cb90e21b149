"""Categories, parameters, announcements; invitations; applications, merchants' legal data and their changes."""

from __future__ import annotations

import sqlalchemy as sa
import trees
from alembic import op
from columns import LEGAL, check, ids, json, key, legal, numbers, refers, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import FACES, all_rows, merchants_rows, persons_rows, reference, wall

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    *("merchant_papers", "profile_changes", "merchant_profiles"),
    *("application_documents", "application_revisions", "applications", "invitations"),
    *("notices", "announcements", "parameter_values", "categories"),
)


def upgrade() -> None:
    _reference()
    _seed()
    _invitations()
    _applications()
    _revisions()
    _documents()
    _profiles()
    _reference_walls()
    _walls()


def _reference() -> None:
    op.create_table(
        "categories",
        *ids("id"),
        *words("code", "purpose"),
        *ids("parent_id", null=True),
        *words("name", "name_en"),
        *numbers("position"),
        *times("hidden_at", null=True),
        *times("created_at"),
        check("categories", "purpose", "purpose IN ('stores', 'goods')"),
        refers("categories", ["parent_id"], ["categories.id"]),
        key("categories", "id"),
        unique("categories", "code"),
        unique("categories", "purpose", "parent_id", "name", postgresql_nulls_not_distinct=True),
    )
    op.create_table(
        "parameter_values",
        *(*ids("id"), *words("name"), *numbers("value"), *times("effective_at", "set_at")),
        *(*ids("set_by"), *words("note")),
        *times("cancelled_at", null=True),
        key("parameter_values", "id"),
    )
    op.create_index("ix_parameter_values_name_effective_at", "parameter_values", ["name", "effective_at"])
    _announcements()


def _announcements() -> None:
    op.create_table(
        "announcements",
        *ids("id"),
        *words("title", "body", "title_en", "body_en", "audience"),
        sa.Column("state", sa.Text(), nullable=False, server_default=sa.text("'draft'")),
        *times("until", null=True),
        *times("created_at"),
        *times("published_at", null=True),
        check("announcements", "audience", "audience IN ('everyone', 'shop', 'offices')"),
        check("announcements", "state", "state IN ('draft', 'published', 'withdrawn')"),
        key("announcements", "id"),
    )
    op.create_table(
        "notices",
        *ids("id"),
        *words("title", "body", "title_en", "body_en", "audience"),
        *times("until", null=True),
        *times("published_at"),
        refers("notices", ["id"], ["announcements.id"]),
        key("notices", "id"),
    )
    op.create_index("ix_notices_published_at", "notices", ["published_at"])


def _seed() -> None:
    """The trees a Chinese street begins with; the operator changes them as he likes."""
    rows = trees.rows()
    op.bulk_insert(sa.table("categories", *(sa.column(name) for name in rows[0])), rows)


def _invitations() -> None:
    op.create_table(
        "invitations",
        *ids("merchant_id", "id"),
        *ids("person_id", null=True),
        sa.Column("phone_digest", postgresql.BYTEA(), nullable=False),
        *words("phone_masked", "name", "role"),
        sa.Column("all_stores", sa.Boolean(), nullable=False),
        json("store_ids"),
        *words("state"),
        *ids("invited_by"),
        *times("created_at", "expires_at"),
        *times("answered_at", null=True),
        check("invitations", "answered_or_pending", "(state = 'pending') = (answered_at IS NULL)"),
        check("invitations", "state", "state IN ('pending', 'accepted', 'declined', 'revoked', 'expired')"),
        refers("invitations", ["merchant_id"], ["merchants.id"]),
        key("invitations", "merchant_id", "id"),
    )
    op.create_index("ix_invitations_person_id", "invitations", ["person_id"])
    op.create_index("ix_invitations_phone_digest", "invitations", ["phone_digest"])
    op.create_index(
        "uq_invitations_one_pending",
        "invitations",
        ["merchant_id", "phone_digest"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )


def _applications() -> None:
    states = "'draft', 'submitted', 'more_information', 'approved', 'refused', 'withdrawn'"
    op.create_table(
        "applications",
        *ids("person_id", "id"),
        *words("kind", "state"),
        *numbers("revision"),
        *times("created_at", "saved_at"),
        *times("submitted_at", null=True),
        *ids("merchant_id", null=True),
        *legal("applications"),
        check("applications", "approved_has_merchant", "(state = 'approved') = (merchant_id IS NOT NULL)"),
        check("applications", "kind", "kind IN ('supplier', 'brand', 'alliance', 'region')"),
        check("applications", "state", f"state IN ({states})"),
        refers("applications", ["merchant_id"], ["merchants.id"]),
        refers("applications", ["person_id"], ["persons.id"]),
        key("applications", "person_id", "id"),
    )
    op.create_index("ix_applications_id", "applications", ["id"])
    op.create_index("ix_applications_state_submitted_at", "applications", ["state", "submitted_at"])


def _revisions() -> None:
    table = "application_revisions"
    op.create_table(
        table,
        *ids("person_id", "id", "application_id"),
        *numbers("number"),
        *times("submitted_at"),
        json("document_ids"),
        *words("decision", null=True),
        *times("decided_at", null=True),
        *ids("decided_by", null=True),
        *words("reason", null=True),
        json("asked", null=True),
        *legal(table),
        check(table, "decision", "decision IN ('approved', 'refused', 'more_information')"),
        check(table, "decided_when", "(decision IS NULL) = (decided_at IS NULL)"),
        check(table, "decided_by_whom", "(decision IS NULL) = (decided_by IS NULL)"),
        refers(table, ["person_id", "application_id"], ["applications.person_id", "applications.id"]),
        key(table, "person_id", "id"),
        unique(table, "person_id", "application_id", "number"),
    )
    op.create_index("ix_application_revisions_application_id", table, ["application_id"])


def _document(table: str) -> list[object]:
    kinds = "kind IN ('licence', 'shop_front', 'permit', 'bank_proof', 'other')"
    columns = [*words("kind", "stored", "suffix"), *numbers("size"), *times("uploaded_at")]
    return [*columns, check(table, "kind", kinds)]


def _documents() -> None:
    table = "application_documents"
    op.create_table(
        table,
        *ids("person_id", "id", "application_id"),
        *_document(table),
        *times("removed_at", null=True),
        refers(table, ["person_id", "application_id"], ["applications.person_id", "applications.id"]),
        key(table, "person_id", "id"),
    )
    op.create_index("ix_application_documents_application_id", table, ["application_id"])


def _profiles() -> None:
    op.create_table(
        "merchant_profiles",
        *ids("merchant_id"),
        *times("since"),
        *legal("merchant_profiles"),
        refers("merchant_profiles", ["merchant_id"], ["merchants.id"]),
        key("merchant_profiles", "merchant_id"),
    )
    op.create_index("ix_merchant_profiles_licence_number", "merchant_profiles", ["licence_number"])
    _changes()
    _papers("merchant_papers")


def _papers(table: str) -> None:
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *ids("change_id", null=True),
        *_document(table),
        refers(table, ["merchant_id", "change_id"], ["profile_changes.merchant_id", "profile_changes.id"]),
        refers(table, ["merchant_id"], ["merchants.id"]),
        key(table, "merchant_id", "id"),
    )
    op.create_index("ix_merchant_papers_id", table, ["id"])


def _changes() -> None:
    table = "profile_changes"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("state"),
        json("before"),
        sa.Column("bank_changes", sa.Boolean(), nullable=False),
        *words("note"),
        *times("proposed_at"),
        *ids("proposed_by"),
        *times("decided_at", null=True),
        *ids("decided_by", null=True),
        *words("reason", null=True),
        *legal(table),
        check(table, "decided_when", "(state = 'pending') = (decided_at IS NULL)"),
        check(table, "state", "state IN ('pending', 'approved', 'refused', 'withdrawn')"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        key(table, "merchant_id", "id"),
    )
    op.create_index("ix_profile_changes_id", table, ["id"])
    op.create_index("ix_profile_changes_state_proposed_at", table, ["state", "proposed_at"])
    op.create_index(
        "uq_profile_changes_one_pending",
        table,
        ["merchant_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )


def _reference_walls() -> None:
    reference("categories", writers=("platform",))
    reference("notices", writers=("platform",))
    wall("announcements", platform=all_rows("SELECT, INSERT, UPDATE"))
    keeper = {"platform": all_rows("SELECT, INSERT, UPDATE (cancelled_at)")}
    wall("parameter_values", **dict.fromkeys(FACES, all_rows("SELECT")) | keeper)


def _walls() -> None:
    shown = ", ".join(LEGAL)
    wall(
        "invitations",
        office=merchants_rows("SELECT, INSERT, UPDATE (state, answered_at)"),
        person=persons_rows("SELECT, UPDATE (state, answered_at)"),
        platform=all_rows("SELECT"),
        gate=all_rows("SELECT, UPDATE (person_id)"),
    )
    drafted = f"state, revision, saved_at, submitted_at, {shown}, bank_number"
    wall(
        "applications",
        person=persons_rows(f"SELECT, INSERT, UPDATE ({drafted})"),
        platform=all_rows("SELECT, UPDATE (state, merchant_id)"),
    )
    wall(
        "application_revisions",
        person=persons_rows("SELECT, INSERT"),
        platform=all_rows("SELECT, UPDATE (decision, decided_at, decided_by, reason, asked)"),
    )
    wall(
        "application_documents",
        person=persons_rows("SELECT, INSERT, UPDATE (removed_at)"),
        platform=all_rows("SELECT"),
    )
    wall(
        "merchant_profiles",
        office=merchants_rows(f"SELECT (merchant_id, since, {shown}), UPDATE (contact_name, contact_phone)"),
        platform=all_rows("SELECT, INSERT, UPDATE"),
    )
    decided = "decided_at, decided_by, reason"
    known = "merchant_id, id, state, before, bank_changes, note, proposed_at, proposed_by"
    wall(
        "profile_changes",
        office=merchants_rows(f"SELECT ({known}, {decided}, {shown}), INSERT, UPDATE (state, decided_at)"),
        platform=all_rows("SELECT, UPDATE (state, decided_at, decided_by, reason)"),
    )
    wall(
        "merchant_papers",
        office=merchants_rows("SELECT, INSERT"),
        platform=all_rows("SELECT, INSERT, UPDATE (change_id)"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
