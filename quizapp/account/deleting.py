"""Deleting one's account: nothing of the person stays in the database."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import logout
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizapp.account.sessions import end_sessions
from quizapp.onboarding.members.parting import archive_the_emptied, left_without_lead
from quizapp.scheduling.cards import hold
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.study.models import Quiz
from quizapp.teams import inviting
from quizapp.teams.addresses import proven_addresses
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, learner_required

WAYS_IN: tuple[type[Model], ...] = (EmailAddress, Authenticator, SocialAccount, UserSession)
"""What the administration lists of people beside themselves, and writes into its log by name."""

GONE = "Your account and everything in it is gone."


class LastAdministratorError(Exception):
    """Without this account nobody could manage people and content."""


class ConfirmForm(forms.Form):
    """How a person shows that they mean it, and that it is they: by what they have."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(
            {"class": "text-input", "autocomplete": "current-password", "maxlength": 4096}
        ),
        error_messages={"required": "Give your password, so that nobody else can do this."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="Type it out, so that this does not happen by mistake.",
        widget=forms.EmailInput({"class": "text-input", "autocomplete": "off"}),
        error_messages={"required": "Type your e-mail address."},
    )
    sure = forms.BooleanField(
        label="Yes, delete everything",
        error_messages={"required": "Tick the box if you are sure."},
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        wanted = _proof_of(user)
        self.fields = {name: each for name, each in self.fields.items() if name == wanted}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("That is not your password.")
        return password

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.casefold() != (self.user.email or "").casefold():
            raise forms.ValidationError("That is not the address of this account.")
        return email


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: LearnerRequest) -> HttpResponse:
    user = request.user
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        refusal: HttpResponse | None = ratelimit.consume_or_429(
            request, action="reauthenticate", user=user
        )
        if refusal:
            return refusal
    form = ConfirmForm(user, posted)
    if posted is not None and not is_last_administrator(user) and form.is_valid():
        try:
            delete(user)
        except LastAdministratorError:
            return redirect("delete-account")
        ratelimit.clear(request, action="reauthenticate", user=user)
        logout(request)
        messages.success(request, GONE)
        return redirect("home")
    context = {
        "form": form,
        "is_last_administrator": is_last_administrator(user),
        "left_without_lead": left_without_lead(user),
        **_what_goes(user),
    }
    status = 422 if posted is not None else 200
    return render(request, "account/settings_delete.html", context, status=status)


def delete(user: User) -> None:
    """Delete the person and every row about them, or nothing. Once more changes nothing.

    Teams in which nobody else is are archived.

    Raises LastAdministratorError.
    """
    now = timezone.now()
    with transaction.atomic():
        # No answer, in another tab, is to come between what is deleted of it.
        hold([user.pk])
        archive_the_emptied(user, now)
        # Two administrators who leave at once: the second waits here, and finds itself the last.
        locked = _administrators() | User.objects.filter(pk=user.pk)
        list(locked.select_for_update().order_by("pk").values_list("pk"))
        if is_last_administrator(user):
            raise LastAdministratorError
        _forget_in_the_log(user)
        inviting.forget(proven_addresses(user))
        end_sessions(user)
        # Sessions that have run out lie about until they are cleared, and say whose they were.
        Session.objects.filter(expire_date__lte=now).delete()
        User.objects.filter(pk=user.pk).delete()


def is_last_administrator(user: User) -> bool:
    return list(_administrators().values_list("pk", flat=True)[:2]) == [user.pk]


def _administrators() -> Any:
    return User.objects.filter(is_superuser=True, is_active=True)


def _forget_in_the_log(user: User) -> None:
    """What administrators did to the person or a way in of theirs, which names them.

    What the person did as an administrator goes by cascade.
    """
    of_rows = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    for model in WAYS_IN:
        rows = model._default_manager.filter(user=user)  # noqa: SLF001 - documented
        keys = rows.values_list("pk", flat=True)
        kind = ContentType.objects.get_for_model(model)
        of_rows |= Q(content_type=kind, object_id__in=[str(key) for key in keys])
    # Rows that are no longer there are known by what they were called.
    LogEntry.objects.filter(of_rows | Q(object_repr__in=proven_addresses(user))).delete()


def _proof_of(user: User) -> str:
    if user.has_usable_password():
        return "password"
    return "email" if user.email else "sure"


def _what_goes(user: User) -> dict[str, int]:
    return {
        "cards": Card.objects.of(user).count(),
        "reviews": Review.objects.of(user).count(),
        "quizzes": Quiz.objects.of(user).count(),
        "flags": Flag.objects.filter(user=user).count(),
    }
