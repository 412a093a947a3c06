"""Terms the papers use; papers are in Chinese, whoever prints them."""

from __future__ import annotations

#: What the days of an opening form are called, by the subject of the tender.
DURATIONS = {"works": "工期", "goods": "交货期", "services": "服务期", "design": "设计周期"}
