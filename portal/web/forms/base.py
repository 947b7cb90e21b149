"""The form every form is: CSRF, the key that lets it act once, and refusals as errors in the right place."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.work import Work
from portal.web.locale import said


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form with a `key`: the same key acts once, whatever happens on the way."""

    key = HiddenField(default=lambda: str(uuid4()))
    row: UUID | None = None

    def beside(self, row: UUID) -> Self:
        """The form of one of many rows of a page: its fields have ids of their own, and names as everywhere."""
        self.row = row
        for field in self:
            field.id = field.label.field_id = f"{field.name}-{row}"
        return self

    def facts(self) -> dict[str, Any]:
        """What was entered, by field name, without tokens and buttons."""
        skipped = {"CSRFTokenField", "HiddenField", "SubmitField"}
        return {
            name: field.data
            for name, field in self._fields.items()
            if name not in ("csrf_token", "key") and field.type not in skipped - {"HiddenField"}
        }

    def tries(self, work: Work) -> Attempt:
        """Run an action; a refusal rolls back and becomes an error of this form."""
        return Attempt(self, work)

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence at its field, or at the top of the form."""
        sentence = said(refusal.sentence)
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)


class Attempt:
    """`with form.tries(work): …` — not yours and not allowed pass through, every other refusal stays here."""

    def __init__(self, form: Form, work: Work) -> None:
        self.form = form
        self.work = work

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Refusal) or isinstance(error, NotFound | Denied):
            return False
        self.work.start_again()
        self.form.refuse(error)
        return True
