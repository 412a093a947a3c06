"""Certificates of people, what was signed with them, and the authority's revocation lists."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from accounts.models.organisations import Organisation
from accounts.models.people import Person


class Certificate(models.Model):
    """A signing certificate bound to one person, for an organisation where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    serial = models.CharField(max_length=50)
    subject = models.CharField(max_length=300)
    issuer = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64, unique=True)
    pem = models.TextField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    bound_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.subject


class RevocationList(models.Model):
    """A list as the authority signed it; a signature is judged by the list of its day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    issuer = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, unique=True)
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-this_update"], name="revocation_newest")]


class Signature(models.Model):
    """A signature that was checked and accepted, with all that is needed to check it again.

    What a bidder signs before the hour is kept in `sealed` alone: the person and the certificate
    would name the bidder, and so would the signature's own bytes to whoever tries the keys of
    all certificates on it. `services.signatures.whole` reads it, `holds` checks it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    purpose = models.CharField(max_length=20)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    body_sha = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=100, blank=True)
    sealed = models.BinaryField(null=True)
    body = models.BinaryField(null=True)  # under the platform's key: a release holds a share
    at = models.DateTimeField()
    # The list that did not name this certificate at `at`.
    revocation = models.ForeignKey(RevocationList, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signature_plain_or_sealed",
                condition=models.Q(
                    person__isnull=False, certificate__isnull=False, sealed__isnull=True
                )
                | models.Q(
                    person__isnull=True,
                    certificate__isnull=True,
                    body_sha="",
                    signature="",
                    sealed__isnull=False,
                ),
            ),
        ]


class Challenge(models.Model):
    """A number used once, bound to one address, one browser session and one purpose."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    nonce = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)
    origin = models.CharField(max_length=200)
    session_sha = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
