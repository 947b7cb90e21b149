"""The table of administrative divisions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base
from portal.kernel.scope import Face, everyone


class Region(Base):
    """One division. Codes nest by prefix: 44 → 4419 → 441900 → 441900120. `lat`, `lng` (WGS-84) if known."""

    __tablename__ = "regions"
    __sight__ = {face: everyone() for face in Face}
    __table_args__ = (
        CheckConstraint("level IN ('province', 'city', 'area', 'street')", name="level"),
        CheckConstraint("(level = 'province') = (parent IS NULL)", name="only_provinces_stand_alone"),
        CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="both_coordinates"),
        Index("ix_regions_parent", "parent"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None]
    level: Mapped[str]
    name: Mapped[str]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
