"""What happened to the operator's reference data that others follow."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CategoryRenamed:
    """A category of stores has other names now."""

    category_id: UUID
