"""Invites as they are sent by e-mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from quizapp.teams.inviting import NewInvite
from quizapp.teams.models import User

logger = logging.getLogger(__name__)


def send(request: HttpRequest, invites: Sequence[NewInvite], days: int) -> list[NewInvite]:
    """Send each to its address. Returns those that the mail server has not taken.

    A server that cannot be reached is not asked again for the rest.
    """
    connection = get_connection()
    refused: list[NewInvite] = []
    for index, new in enumerate(invites):
        try:
            connection.open()
        except OSError:
            logger.exception("The mail server cannot be reached")
            return [*refused, *invites[index:]]
        try:
            connection.send_messages([mail(request, new, days)])
        except (OSError, ValueError):  # refused, or no header can hold the address
            logger.exception("An invite was not sent")
            refused.append(new)
            _close(connection)  # which is in whatever state now
    _close(connection)
    return refused


def mail(request: HttpRequest, new: NewInvite, days: int) -> EmailMultiAlternatives:
    team, inviter = new.invite.team, new.invite.created_by
    context = {
        "team": in_a_line(team.name),
        "inviter": name_of(inviter),
        "days": days,
        "url": request.build_absolute_uri(reverse("join", args=[new.token])),
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
    }
    message = EmailMultiAlternatives(
        subject=f"{context['inviter']} invites you to learn Kubernetes with {context['team']}",
        body=render_to_string("teams/email/invite.txt", context),
        to=[new.invite.email],
    )
    body = render_to_string("teams/email/_invite.html", context)
    html = render_to_string("teams/email/invite.html", {"body": body})
    message.attach_alternative(html, "text/html")
    return message


def name_of(inviter: User | None) -> str:
    return in_a_line(str(inviter)) if inviter else "A lead"


def in_a_line(text: str) -> str:
    """Without anything that would begin a new line of a header, or turn the text around."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
