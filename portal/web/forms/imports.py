"""The form that brings a list."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l


class UploadForm(Form):
    """One file."""

    file = FileField(_l("文件"), [FileRequired(_l("请先选择文件。"))])
