"""What allauth does not bring: ways in to the administration and through a provider, privacy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.account.guests import set_aside


def unkept(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: browsers keep no page of allauth, such as one with recovery codes.

    Otherwise the next at the same computer could go back to it, after signing out too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match is not None and match.func.__module__.startswith("allauth."):
            add_never_cache_headers(response)
        return response

    return middleware


def guarded(admin_login: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The administration's own sign-in, replaced by everybody's, with its limits and codes."""
    secured = require_safe(secure_admin_login(admin_login))

    @never_cache
    def sign_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        set_aside(request)
        response: HttpResponse = secured(request, *args, **kwargs)
        return response

    return sign_in


@never_cache
def through_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider of identities.

    By a page of its own: a redirect would count as part of the form that led here, and forms may
    lead to ourselves only (form-action in the Content-Security-Policy).
    """
    set_aside(request)
    response: HttpResponse = openid_connect.login(request, provider_id)
    if isinstance(response, HttpResponseRedirect) and not response.url.startswith("/"):
        return render(request, "socialaccount/login_redirect.html", {"redirect_to": response.url})
    return response
