"""Legal data in words, for reviewers: categories and regions by name, two versions side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from portal.domain.onboarding import rules
from portal.domain.onboarding.values import Particulars
from portal.domain.reference import queries as reference
from portal.domain.regions import queries as regions
from portal.kernel.work import Work
from portal.web import locale
from portal.web.labels import field_name

Row = tuple[str, str, str]


@dataclass(frozen=True)
class LegalWords:
    """Names of what the particulars refer to by id or code."""

    categories: Mapping[UUID, str]
    regions: Mapping[str, str]

    def facts(self, particulars: Particulars) -> dict[str, str]:
        """The particulars in words, by field."""
        return {name: self.said(name, getattr(particulars, name)) for name in particulars.__dataclass_fields__}

    def said(self, field: str, value: object) -> str:
        """One value in words."""
        if field == "category_id" and isinstance(value, UUID):
            return self.categories.get(value, "")
        if field == "region_code" and value:
            return self.regions.get(str(value), str(value))
        if field == "bank_last4" and value:
            return f"**** {value}"
        return "" if value is None else str(value)


def legal_words(work: Work, *all_particulars: Particulars) -> LegalWords:
    """Words for these particulars, in two statements at most."""
    codes = {one.region_code for one in all_particulars if one.region_code}
    nodes = reference.categories(work, hidden=True) if any(one.category_id for one in all_particulars) else ()
    return LegalWords(
        categories={node.id: node.called(locale.current()) for node in nodes},
        regions={code: " ".join(step.name for step in path) for code, path in regions.paths(work, codes).items()},
    )


def diff_rows(words: LegalWords, old: Particulars, new: Particulars) -> list[Row]:
    """(label, old, new) of every field that either version fills."""
    rows = []
    for one in rules.differences(old, new):
        before, after = words.said(one.field, one.old), words.said(one.field, one.new)
        if before or after:
            rows.append((field_name(one.field), before, after))
    return rows
