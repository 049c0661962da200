"""What every template may ask about the installation, and who it is for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from quizapp.account.guests import guest_of
from quizapp.account.invited import leads_to_open_invite


def installation(request: HttpRequest) -> dict[str, Any]:
    # What a form carries is in its address too, and reading forms may have been put off.
    is_invited = not settings.QUIZAPP_SIGN_UP and leads_to_open_invite(request.GET.get("next", ""))
    context: dict[str, Any] = {
        "sign_up_open": settings.QUIZAPP_SIGN_UP or is_invited,
        "has_identity_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    if hasattr(request, "guest") and not request.user.is_authenticated:
        context["user"] = guest_of(request)  # whose navigation stays as it was
    return context
