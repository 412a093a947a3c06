"""What staff type about rooms and days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre
from venues.models import Room

_LONGEST = 14 * 60
_DATE = forms.DateInput(attrs={"type": "date"})


class HoldForm(forms.Form):
    """Keep a room free, for an evaluation without a fixed hour or for works on the room."""

    room = forms.ModelChoiceField(label=_("场地"), queryset=Room.objects.none())
    starts_at = forms.DateTimeField(
        label=_("开始时间"),
        help_text=_("北京时间，如 2026-11-23 14:00。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    minutes = forms.IntegerField(
        label=_("时长（分钟）"), min_value=15, max_value=_LONGEST, initial=120
    )

    def __init__(self, *args: Any, centres: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["room"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Room.objects.filter(centre__in=centres, in_use=True)

    @property
    def length(self) -> timedelta:
        """How long the room is kept."""
        return timedelta(minutes=self.cleaned_data["minutes"])


class _OfCentre(forms.Form):
    centre = forms.ModelChoiceField(label=_("中心"), queryset=Centre.objects.none())

    def __init__(self, *args: Any, centres: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Centre.objects.filter(pk__in=centres).order_by("code")
        if len(centres) == 1:
            field.initial = next(iter(centres))


class EmergencyForm(_OfCentre):
    """An emergency opening that somebody competent approved."""

    day = forms.DateField(label=_("日期"), widget=_DATE)
    number = forms.CharField(
        label=_("批准文号"), max_length=60, help_text=_("由有权部门批准，中心只作登记。")
    )


class ClosureForm(_OfCentre):
    """A day without new bookings."""

    day = forms.DateField(label=_("日期"), widget=_DATE)
    reason = forms.CharField(label=_("原因"), max_length=200)


class RoomForm(_OfCentre):
    """A further room."""

    name = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("用途"), choices=Room.Kind.choices)
    seats = forms.IntegerField(
        label=_("座位数"), min_value=0, max_value=999, initial=0, help_text=_("虚拟大厅填 0。")
    )
    has_codec = forms.BooleanField(label=_("有音视频终端"), required=False)

    def clean(self) -> dict[str, Any]:
        """Hold a remote room to its equipment, and a name to one room."""
        given = super().clean() or {}
        if given.get("kind") == Room.Kind.REMOTE and not given.get("has_codec"):
            self.add_error("has_codec", _("远程评标室必须有音视频终端"))
        if Room.objects.filter(centre=given.get("centre"), name=given.get("name")).exists():
            self.add_error("name", _("本中心已有同名场地"))
        return given


class YearForm(forms.Form):
    """A newly published year."""

    year = forms.IntegerField(label=_("年份"), min_value=2027, max_value=2099)
    off = forms.CharField(
        label=_("放假日期"), max_length=300, help_text=_("月日或起止，如 0101-0103 0205-0211。")
    )
    worked = forms.CharField(
        label=_("调休上班日期"), max_length=200, required=False, help_text=_("如 0204 0212。")
    )
    source = forms.CharField(label=_("通知文号"), max_length=120)
