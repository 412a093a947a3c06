"""Where the demo lays what people would keep at home: certificates and opening keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Of invented people in a world that everybody may enter; printed beside every sign-in.
PASSWORD = "heng-ping-demo"  # noqa: S105
PIN = "heng-ping-pin"
PASSPHRASE = "heng-ping-key"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The run folder's part that belongs to the people of the demo."""

    run: Path

    @property
    def card(self) -> Path:
        """The sign-in table; that it lies here says that the world is whole."""
        return self.run / "world.txt"

    def certificate(self, username: str) -> Path:
        """Return where somebody's PKCS#12 file lies."""
        return self.run / "certs" / f"{username}.p12"

    def authenticator(self, username: str) -> Path:
        """Return where the address lies that somebody's authenticator was set up with."""
        return self.run / "certs" / f"{username}.otpauth"

    def opening_key(self, tender: str, username: str) -> Path:
        """Return where a bidder's key file for a tender lies."""
        return self.run / "keys" / f"{tender}-{username}.key.json"

    def holder(self, tender: str, number: int) -> Path:
        """Return where a holder's file of the host key lies."""
        return self.run / "keys" / f"{tender}-{number}.holder.json"


def lay(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
