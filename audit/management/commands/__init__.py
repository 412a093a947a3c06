"""Commands of audit for operators and for checks from outside."""

from __future__ import annotations
