"""The PDF that goes with a form."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_BYTES: Final = 5 * 1024 * 1024
_PDF: Final = b"%PDF-"


class PaperField(forms.FileField):
    """A PDF of at most five megabytes, read whole; empty bytes where it may be left out."""

    widget = forms.FileInput({"accept": "application/pdf,.pdf"})

    def __init__(self, **options: Any) -> None:
        """Keep the name within what a row holds."""
        super().__init__(max_length=160, **options)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Return the file's bytes."""
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if file is None:
            return b""
        if file.size is not None and file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 5 MB，请压缩或只扫描需要的页"))
        content: bytes = file.read()
        if not content.startswith(_PDF):
            raise ValidationError(_("请选择 PDF 文件；照片请先另存为 PDF"))
        return content
