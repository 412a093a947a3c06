"""What people type into the pages of accounts: checked here, stored elsewhere."""

from __future__ import annotations
