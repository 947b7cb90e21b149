"""Batches and rows for pages and files."""

from portal.domain.imports.queries.batches import Show, batch, batches, begun_by, rows, sleeping, trouble

__all__ = ["Show", "batch", "batches", "begun_by", "rows", "sleeping", "trouble"]
