"""The snapshot a live client begins with: state and stream positions of one instant."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from accounts.web import public, signed_in
from trading.selectors import hall
from trading.selectors.viewers import viewer_of


@public
@require_GET
def hall_snapshot(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """Return the hall as this viewer may see it now."""
    who = signed_in(request)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Positions and state must be of one instant, or an event would be lost or told twice.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        opening = hall.find(lot)
        if opening is None:
            raise Http404
        told = hall.snapshot(opening, viewer_of(who, opening))
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_store=True)
    return response
