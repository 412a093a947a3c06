"""A file of people: JSON or CSV, read into rows or refused with the place of the mistake.

JSON: `{"people": [{"username", "name", "role", "place", "phone"?, "email"?, "password"?,
"manager"?}]}`; CSV: the same names in the first line. `role` is a value of `Role`; `place` a
centre's code, for organisations' roles the credit code.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.services.people import Row

LARGEST = 2 * 1024 * 1024
_NEEDED = ("username", "name", "role", "place")
_OPTIONAL = ("phone", "email", "password", "manager")
_LONGEST = {"username": 60, "name": 60, "phone": 20, "email": 254, "password": 200}


class ImportForm(forms.Form):
    """The file; `cleaned_data["rows"]` are the people in it."""

    file = forms.FileField(
        label=_("人员文件"), help_text=_("JSON 或 CSV，UTF-8 编码，不超过 2 MB。")
    )

    def clean_file(self) -> Any:
        """Read the rows."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 2 MB"))
        try:
            text = file.read().decode("utf-8-sig")
            rows = _json(text) if text.lstrip().startswith("{") else _csv(text)
        except UnicodeDecodeError:
            raise forms.ValidationError(_("文件不是 UTF-8 编码")) from None
        self.cleaned_data["rows"] = [_row(number, row) for number, row in enumerate(rows, start=1)]
        if not rows:
            raise forms.ValidationError(_("文件里没有人员"))
        return file


def _json(text: str) -> list[Any]:
    try:
        people = json.loads(text)["people"]
    except (ValueError, KeyError, RecursionError):
        people = None
    if not isinstance(people, list):
        raise forms.ValidationError(_("JSON 里没有 people 列表"))
    return people


def _csv(text: str) -> list[Any]:
    try:
        return list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error:
        raise forms.ValidationError(_("CSV 格式不对")) from None


def _row(number: int, row: Any) -> Row:
    if not isinstance(row, dict) or set(row) - {*_NEEDED, *_OPTIONAL}:
        raise forms.ValidationError(_("第 %(row)s 行：有不认识的栏目"), params={"row": number})
    texts = {name: str(row.get(name) or "").strip() for name in (*_NEEDED, *_OPTIONAL)}
    for name in _NEEDED:
        if not texts[name]:
            raise forms.ValidationError(
                _("第 %(row)s 行：缺少 %(field)s"), params={"row": number, "field": name}
            )
    for name, longest in _LONGEST.items():
        if len(texts[name]) > longest:
            raise forms.ValidationError(
                _("第 %(row)s 行：%(field)s 过长"), params={"row": number, "field": name}
            )
    if texts["email"]:
        try:
            validate_email(texts["email"])
        except forms.ValidationError:
            raise forms.ValidationError(
                _("第 %(row)s 行：电子邮箱格式不对"), params={"row": number}
            ) from None
    manager = texts.pop("manager").lower() in {"1", "true", "yes", "是"}
    return Row(**texts, manager=manager)
