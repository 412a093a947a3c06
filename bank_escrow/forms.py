"""Forms of refunds. None has a field for an account number: money goes whence it came."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bank_escrow.domain.refund_dates import Basis
from bank_escrow.models import DepositRequirement
from bank_escrow.selectors.finance import open_lots, visible_orders
from bank_escrow.words import BASES


class PrepareForm(forms.Form):
    """Prepare the refunds of a lot: why, and since when the period runs."""

    reference = forms.ChoiceField(label=_("标段"))
    basis = forms.ChoiceField(
        label=_("退还事由"), choices=[(basis.value, BASES[basis.value]) for basis in Basis]
    )
    since = forms.DateField(
        label=_("事由发生日期"),
        help_text=_("退还期限从这一天起算"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        lots = [(str(lot.reference), lot.title or str(lot.reference)) for lot in open_lots()]
        self.fields["reference"].choices = lots  # type: ignore[attr-defined]  # a choice field

    def requirement(self) -> DepositRequirement:
        """Return the lot that was chosen."""
        return DepositRequirement.objects.get(reference=self.cleaned_data["reference"])


class OrdersForm(forms.Form):
    """The orders a person signs, each with the hash of the content the page showed."""

    order = forms.MultipleChoiceField(
        label=_("付款指令"), error_messages={"required": _("至少选择一笔。")}
    )

    def __init__(self, *args: object, state: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        orders = visible_orders().filter(state=state).values_list("id", "content_sha")
        self.fields["order"].choices = [  # type: ignore[attr-defined]  # a choice field
            (f"{pk}:{sha}", str(pk)) for pk, sha in orders
        ]

    def chosen(self) -> list[tuple[UUID, str]]:
        """Return ids with the hashes that were seen, in one order for everybody."""
        pairs = (text.split(":", 1) for text in sorted(set(self.cleaned_data["order"])))
        return [(UUID(pk), sha) for pk, sha in pairs]


class WhyForm(forms.Form):
    """Why an order goes back."""

    why = forms.CharField(label=_("退回原因"), max_length=60)
