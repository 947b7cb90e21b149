"""What happened in a kitchen that others care about. Published on the worker's face."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PaperUncertain:
    """Nobody knows whether a paper came out: a person has to look."""

    merchant_id: UUID
    store_id: UUID
    job_id: UUID
    title: str
