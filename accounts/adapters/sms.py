"""SMS by HTTP: one POST of JSON to the gateway named in the settings."""

from __future__ import annotations

import httpx
from django.conf import settings

from accounts.adapters.delivery import DeliveryError
from core.tls import trust

TIMEOUT = httpx.Timeout(3.0)
LONGEST = 300


def send(*, to: str, subject: str, body: str) -> None:
    """Send one SMS: the subject and as much of the body as fits."""
    text = f"【衡平】{subject}\n{body}"[:LONGEST]
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, verify=trust()) as client:
            answer = client.post(f"{settings.SMS_URL}/messages", json={"to": to, "text": text})
            answer.raise_for_status()
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__) from error
