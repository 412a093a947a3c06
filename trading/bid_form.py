"""The opening form (开标一览表) as fields: drawn by the server, read only by the browser.

Nothing typed into it is ever posted: the page's script keeps it encrypted on the bidder's machine
and seals it (sealing/SPEC.md §2.3 lists its members).
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from trading.models import Lot
from trading.words import duration_word


class OpeningForm(forms.Form):
    """What is read out at the opening."""

    price = forms.CharField(
        label=_("投标报价（元）"),
        help_text=_("写数字，单位元；也可以写 300万元"),
        widget=forms.TextInput(
            {"data-hp": "money", "inputmode": "decimal", "class": "form-control"}
        ),
    )
    duration_days = forms.CharField(
        help_text=_("只写整数，如 90"),
        widget=forms.TextInput({"inputmode": "numeric", "class": "form-control"}),
    )
    quality = forms.CharField(
        label=_("质量标准"), initial=_("合格"), widget=forms.TextInput({"class": "form-control"})
    )
    manager = forms.CharField(
        label=_("项目负责人"), widget=forms.TextInput({"class": "form-control"})
    )
    small_business = forms.BooleanField(
        label=_("本单位为小微企业，附声明函"),
        required=False,
        widget=forms.CheckboxInput({"data-claim": "small_business", "class": "form-check-input"}),
    )

    def __init__(self, lot: Lot) -> None:
        """Ask for the small-business claim where the law gives it a discount (track G)."""
        super().__init__()
        if lot.tender.legal_track != "G":
            del self.fields["small_business"]
        duration = duration_word(lot.tender.category)
        self.fields["duration_days"].label = _("%(duration)s（天）") % {"duration": duration}


SLOTS = (
    {
        "slot": "technical",
        "title": _("技术标"),
        "required": True,
        "hint": _("PDF，不设密码；暗标部分不得出现单位名称"),
    },
    {
        "slot": "commercial",
        "title": _("商务标"),
        "required": False,
        "hint": _("投标函、资格证明、业绩等"),
    },
    {"slot": "price", "title": _("报价清单"), "required": False, "hint": _("已标价工程量清单等")},
)
