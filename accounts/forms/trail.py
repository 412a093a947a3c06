"""What a supervisor looks for in the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from audit import words
from audit.selectors.trail import Place, Search


class _Moment(forms.DateTimeField):
    """A moment in Beijing time, as the browser's own picker gives it."""

    def __init__(self, **options: Any) -> None:
        attrs = {"type": "datetime-local", "step": "1", "class": "form-control"}
        widget = forms.DateTimeInput(attrs=attrs, format="%Y-%m-%dT%H:%M:%S")
        super().__init__(widget=widget, required=False, **options)


class TrailForm(forms.Form):
    """A number, a name, a kind of event, a span of time; anything may be left empty."""

    number = forms.CharField(
        label=_("项目或标段编号"),
        help_text=_("与公告上的编号一致。"),
        max_length=40,
        required=False,
    )
    person = forms.CharField(
        label=_("操作人姓名"),
        help_text=_("开标结果公布前查不到投标人经办人；评审专家不按姓名查。"),
        max_length=60,
        required=False,
    )
    name = forms.ChoiceField(label=_("事件"), required=False)
    since = _Moment(label=_("开始时间"))
    until = _Moment(label=_("结束时间"))
    stream = forms.CharField(label=_("记录流代号"), max_length=200, required=False)
    actor = forms.CharField(label=_("操作人编号"), max_length=80, required=False)
    before = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("全部事件")),
            *((group.title, list(group.phrases.items())) for group in words.groups()),
        ]

    @property
    def by_code(self) -> bool:
        """Whether the question names a stream or an actor by its own code."""
        return any(self.data.get(name) for name in ("stream", "actor"))

    def clean_before(self) -> Place | None:
        """Read where the page before ended; what is no place begins anew."""
        try:
            at, seq, stream = self.cleaned_data["before"].split(" ", 2)
            return Place(at=datetime.fromisoformat(at), seq=int(seq), stream=stream)
        except ValueError:
            return None

    @override
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        since, until = facts.get("since"), facts.get("until")
        if since and until and since >= until:
            self.add_error("until", _("结束时间应晚于开始时间。"))
        return facts

    def search(self) -> Search:
        """Return the question."""
        return Search(**{name: self.cleaned_data[name] for name in self.fields})
