"""Invites as they are sent by e-mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from quizapp.teams.inviting import NewInvite
from quizapp.teams.models import User
from quizapp.web.words import in_a_line

LONGEST_SECONDS = 40
"""After these no more mail is begun: proxies mostly wait a minute for a page."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Unsent:
    """`refused` were not taken by the mail server; `unreached` it was not asked about, or has
    given no answer to."""

    refused: list[NewInvite] = field(default_factory=list)
    unreached: list[NewInvite] = field(default_factory=list)


def send(request: HttpRequest, invites: Sequence[NewInvite], days: int) -> Unsent:
    """Send each to its address. Returns those that were not sent.

    Somebody waits for the page. So a server that cannot be reached, or is silent once, is not
    asked again for the rest, and one that is slow for LONGEST_SECONDS only.
    """
    connection = get_connection()
    unsent = Unsent()
    ends_at = monotonic() + LONGEST_SECONDS
    for index, new in enumerate(invites):
        rest = list(invites[index:])
        if monotonic() > ends_at or not _open(connection):
            unsent.unreached = rest
            break
        try:
            connection.send_messages([mail(request, new, days)])
        except (OSError, ValueError) as error:  # refused, or no header can hold the address
            logger.exception("An invite was not sent")
            _close(connection)  # which is in whatever state now
            if _is_silence(error):
                unsent.unreached = rest
                break
            unsent.refused.append(new)
    _close(connection)
    return unsent


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


def _open(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except OSError:
        logger.exception("The mail server cannot be reached")
        return False
    return True


def _is_silence(error: Exception) -> bool:
    """Whether the time was out. `smtplib` says so of a connection that it takes for broken."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
