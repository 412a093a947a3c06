"""What people bring to audit's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from sealing.receipts import MAX_RECEIPT


class ReceiptForm(forms.Form):
    """A receipt, pasted or as the file the bidder kept."""

    receipt = forms.CharField(
        label=_("回执内容"),
        help_text=_("打开 .jws 文件，粘贴全部内容。"),
        max_length=MAX_RECEIPT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("回执文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jws,.txt"}),
    )

    @override
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        file = facts.get("file")
        if file is not None and file.size <= MAX_RECEIPT:
            facts["receipt"] = file.read().decode("ascii", "replace")
        elif file is not None:
            self.add_error("file", _("文件过大：回执不超过 64 KB。"))
        # Mail programs break long lines; a compact JWS holds no white space of its own.
        facts["receipt"] = "".join(str(facts.get("receipt", "")).split())
        if not facts["receipt"] and not self.errors:
            self.add_error("receipt", _("请粘贴回执内容，或选择回执文件。"))
        return facts


class ProofForm(forms.Form):
    """The two sizes between which a consistency proof is wanted."""

    to = forms.IntegerField(min_value=1, max_value=2**53 - 1, required=False)

    def __init__(self, *args: Any, newest: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.newest = newest
        # `from` is a word of Python, so the field is added by name.
        self.fields["from"] = forms.IntegerField(min_value=1, max_value=2**53 - 1)

    @override
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        facts["to"] = facts.get("to") or self.newest
        if not self.errors and not facts["from"] <= facts["to"] <= self.newest:
            raise forms.ValidationError(_("大小超出范围。"))
        return facts
