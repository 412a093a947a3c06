"""Forms of refunds. None has a field for an account number: money goes whence it came."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bank_escrow.selectors.finance import visible_orders
from bank_escrow.selectors.grounds import GroundRow, open_grounds
from core.zone import local_day


class PrepareForm(forms.Form):
    """Prepare what a ground still gives back; the law's events make grounds, nobody types one."""

    ground = forms.ChoiceField(label=_("退还事由"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.fields["ground"].choices = [  # type: ignore[attr-defined]  # a choice field
            (str(row.id), _said(row)) for row in open_grounds()
        ]

    def chosen(self) -> UUID:
        """Return the ground's id."""
        return UUID(self.cleaned_data["ground"])


def _said(row: GroundRow) -> str:
    return _("%(title)s · %(basis)s（%(since)s），%(count)s 笔") % {
        "title": row.title,
        "basis": row.basis,
        "since": local_day(row.since),
        "count": row.payments,
    }


class OrdersForm(forms.Form):
    """The orders a person signs, each with the hash of the content the page showed."""

    order = forms.MultipleChoiceField(
        label=_("付款指令"), error_messages={"required": _("请至少选择一笔。")}
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
