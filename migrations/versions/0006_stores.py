"""Regions, stores, their hours and pictures, the public directory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType
from walls import all_rows, merchants_rows, reference, wall

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


class Cube(UserDefinedType):
    """A point on the sphere of `earthdistance`."""

    cache_ok = True

    def get_col_spec(self, **_):
        return "cube"


def upgrade() -> None:
    _regions()
    _stores()
    _pictures()
    _cards()


def _regions() -> None:
    op.create_table(
        "regions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(level = 'province') = (parent IS NULL)", name=op.f("ck_regions_only_provinces_stand_alone")
        ),
        sa.CheckConstraint("level IN ('province', 'city', 'area', 'street')", name=op.f("ck_regions_level")),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name=op.f("ck_regions_both_coordinates")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_index("ix_regions_parent", "regions", ["parent"])
    reference("regions", writers=("job",))


def _stores() -> None:
    op.create_table(
        "stores",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("category_id", sa.UUID(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("raw_lat", sa.Double(), nullable=True),
        sa.Column("raw_lng", sa.Double(), nullable=True),
        sa.Column("raw_datum", sa.Text(), nullable=True),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("month_sales", sa.Integer(), nullable=False),
        sa.Column("benefits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("import_key", sa.Text(), nullable=True),
        sa.Column("import_print", sa.Text(), nullable=True),
        sa.Column("import_run", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("raw_datum IN ('wgs84', 'gcj02', 'bd09')", name=op.f("ck_stores_raw_datum")),
        sa.CheckConstraint("state <> 'listed' OR lat IS NOT NULL", name=op.f("ck_stores_listed_has_position")),
        sa.CheckConstraint("state IN ('draft', 'listed', 'closed')", name=op.f("ck_stores_state")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180", name=op.f("ck_stores_position")),
        sa.CheckConstraint(
            "num_nulls(lat, lng, raw_lat, raw_lng, raw_datum) IN (0, 5)", name=op.f("ck_stores_whole_position")
        ),
        sa.CheckConstraint(
            "rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count",
            name=op.f("ck_stores_rating"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_stores_merchant_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_stores_category_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_stores_region_code")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_stores")),
        sa.UniqueConstraint("merchant_id", "import_key", name=op.f("uq_stores_merchant_id_import_key")),
    )
    op.create_index("ix_stores_merchant_id_state_name", "stores", ["merchant_id", "state", "name"])
    wall(
        "stores",
        office=merchants_rows("SELECT, INSERT, UPDATE"),
        platform=all_rows("SELECT"),
        job=all_rows("SELECT, UPDATE (rating_sum, rating_count, month_sales, benefits)"),
    )


def _pictures() -> None:
    op.create_table(
        "store_pictures",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("full", sa.Text(), nullable=False),
        sa.Column("wide", sa.Text(), nullable=False),
        sa.Column("small", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "store_id"],
            ["stores.merchant_id", "stores.id"],
            name=op.f("fk_store_pictures_merchant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_store_pictures")),
    )
    op.create_index("ix_store_pictures_merchant_id_store_id", "store_pictures", ["merchant_id", "store_id", "position"])
    wall(
        "store_pictures",
        office=merchants_rows("SELECT, INSERT, UPDATE (position), DELETE"),
        platform=all_rows("SELECT"),
        job=all_rows("SELECT"),
    )


def _cards() -> None:
    """The street reads this table with KNN: its policy for readers is plainly true, so that the index is used."""
    op.create_table(
        "store_cards",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("category_id", sa.UUID(), nullable=True),
        sa.Column("category_root", sa.UUID(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(collation="C"), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("earth", Cube(), sa.Computed("ll_to_earth(lat, lng)::cube", persisted=True), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("open_times", postgresql.TSTZMULTIRANGE(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("month_sales", sa.Integer(), nullable=False),
        sa.Column("benefits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("benefits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pictures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_from", Cube(), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "store_id"],
            ["stores.merchant_id", "stores.id"],
            name=op.f("fk_store_cards_merchant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "store_id", name=op.f("pk_store_cards")),
    )
    op.create_index(
        "ix_store_cards_benefits",
        "store_cards",
        ["earth"],
        postgresql_using="gist",
        postgresql_where=sa.text("benefits_until IS NOT NULL"),
    )
    op.create_index(
        "ix_store_cards_category_root_earth", "store_cards", ["category_root", "earth"], postgresql_using="gist"
    )
    op.create_index("ix_store_cards_earth", "store_cards", ["earth"], postgresql_using="gist")
    op.create_index(
        "ix_store_cards_moved_at", "store_cards", ["moved_at"], postgresql_where=sa.text("moved_at IS NOT NULL")
    )
    op.create_index("ix_store_cards_region_code", "store_cards", ["region_code"])
    op.execute("ALTER TABLE store_cards SET (fillfactor = 80)")  # room for refreshed times beside the old ones
    everything = "SELECT, INSERT, UPDATE, DELETE"
    wall(
        "store_cards",
        shop=all_rows("SELECT"),
        person=all_rows("SELECT"),
        office=merchants_rows(everything),
        platform=all_rows(everything),
        job=all_rows(everything),
    )


def downgrade() -> None:
    op.drop_table("store_cards")
    op.drop_table("store_pictures")
    op.drop_table("stores")
    op.drop_table("regions")
