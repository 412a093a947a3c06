"""Authenticators (动态验证码): django-otp's device, its key sealed under the platform's key."""

from __future__ import annotations

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.services import veil


class Authenticator(TOTPDevice):  # type: ignore[misc]  # untyped package
    """A person's authenticator. What `key` holds opens nothing without the platform's key."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The key that the codes are reckoned with."""
        return veil.unlock(bytes.fromhex(self.key), of=self.user_id)
