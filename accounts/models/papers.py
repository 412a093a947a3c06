"""Papers the platform issues, and the seals on them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class SealedPaper(models.Model):
    """A kept PDF that the platform seals once: `file` as it was drawn, `sealed_file` with the seal.

    The sealed file begins with the `size` bytes of the drawn one, whose digest is what people
    signed and what stands in events. `at` is the moment the seal names, `stamped_at` the timestamp
    authority's.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    file = models.CharField(max_length=200, unique=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    wanted_at = models.DateTimeField()
    # When it is tried next; an authority that does not answer moves it on.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sealed_file = models.CharField(max_length=200, blank=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paper_sealed_whole",
                condition=models.Q(
                    sealed_file="", sealed_sha256="", at__isnull=True, stamped_at__isnull=True
                )
                | (
                    ~models.Q(sealed_file="")
                    & ~models.Q(sealed_sha256="")
                    & models.Q(at__isnull=False, stamped_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(at__isnull=True),
                name="paper_seal_due",
            ),
        ]
