"""The neighbours of accounts: the certificate authority, e-mail and SMS."""

from __future__ import annotations
