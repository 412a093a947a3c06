"""The file whose seal somebody wants checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 20 * 1024 * 1024


class SealedPaperForm(forms.Form):
    """One PDF."""

    file = forms.FileField(
        label=_("PDF 文件"),
        help_text=_("从本平台下载的原文件，不超过 20 MB。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("请选择要核验的 PDF 文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than any paper we issue."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件过大：不超过 20 MB。"))
        return file
