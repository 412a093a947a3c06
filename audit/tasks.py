"""What a worker does for audit."""

from __future__ import annotations

from django_tasks import task

from audit.services import cosigning, stamping
from core import clock


@task()
def stamp_checkpoints() -> int:
    """Fetch the timestamps that are wanted; asked again every minute, so a failure heals itself."""
    return stamping.stamp_wanted(now=clock.now())


@task()
def cosign_checkpoints() -> int:
    """Have checkpoints cosigned; asked again every minute, as above."""
    return cosigning.cosign_wanted(now=clock.now())
