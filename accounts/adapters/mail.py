"""E-mail by Django's mail backend."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.adapters.delivery import DeliveryError


def send(*, to: str, subject: str, body: str) -> None:
    """Send one e-mail."""
    # A line break in a subject would be a header of somebody else's making.
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise DeliveryError(f"{type(error).__name__}: {error}") from error
