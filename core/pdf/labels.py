"""The few words the kit itself puts on a page, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words of the page furniture. `page` takes `number` and `total`."""

    language: str
    page: str
    data: str
    code: str
    seal: str
    date: str


CHINESE = Labels(
    language="zh-CN",
    page="第 %(number)d 页 共 %(total)d 页",
    data="数据摘要 SHA-256",
    code="编号",
    seal="盖章处",
    date="日期",
)
ENGLISH = Labels(
    language="en",
    page="Page %(number)d of %(total)d",
    data="Data digest SHA-256",
    code="No.",
    seal="Seal",
    date="Date",
)
