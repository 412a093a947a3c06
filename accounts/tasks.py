"""What a worker does for accounts."""

from __future__ import annotations

from django_tasks import task

from accounts.services import sealing_papers
from core import clock


@task()
def seal_papers() -> int:
    """Seal the papers that are due; the clock asks again until there is none."""
    return sealing_papers.seal_due(now=clock.now())
