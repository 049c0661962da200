"""The forms of allauth in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.utils import get_request_param
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from quizapp.account.invited import open_invite_at
from quizapp.account.signing_up import sign_up
from quizapp.teams.addresses import account_with
from quizapp.teams.domains import is_welcome
from quizapp.teams.models import User

_LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password": "Password",
    "oldpassword": "Your password now",
    "code": "Code",
    "name": "Name",
    "passwordless": "Sign in with this passkey alone",
}
_HELP = {
    "password": "",
    "oldpassword": "",
    "password1": "At least eight characters, and none of the common ones.",
    "passwordless": (
        "Without a password. Your device asks for your finger, face or PIN instead. "
        "Otherwise the passkey comes on top of the password."
    ),
}


class InOurWords(forms.Form):
    """Labels instead of placeholders, and help that is short."""

    labels: dict[str, str] = {}  # noqa: RUF012 - read only

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            field.label = {**_LABELS, **self.labels}.get(name, field.label)
            field.help_text = _HELP.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class SignUpForm(InOurWords, account.SignupForm):
    labels = {"password1": "Password"}  # noqa: RUF012 - read only

    timezone = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        """Where an invite is what opens the sign-up, it does so for those whom its team takes."""
        email: str = super().clean_email()
        if not settings.QUIZAPP_SIGN_UP:
            invite = open_invite_at(get_request_param(context.request, "next", ""))
            if invite is not None and not is_welcome(email, invite.team.domains):
                domains = " or ".join(invite.team.domains)
                raise forms.ValidationError(
                    f"{invite.team} takes people with an address at {domains}."
                )
        return email

    def validate_unique_email(self, email: str) -> str:
        self.account_already_exists = account_with(email) is not None
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes as long as for a new account
        user, response = super().try_save(request)
        return user, response

    def save(self, request: HttpRequest) -> User:
        data = self.cleaned_data
        return sign_up(request, data["email"], data["password1"], data["timezone"])


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        """An address that was never proven to be the person's opens no account."""
        email: str = super().clean_email()
        owner = account_with(email)
        self.users = [user for user in self.users if user == owner]
        return email


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password again"}  # noqa: RUF012


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    labels = {"password1": "New password", "password2": "New password again"}  # noqa: RUF012


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    labels = {"password1": "Password", "password2": "Password again"}  # noqa: RUF012


class ChangeEmailForm(InOurWords, account.AddEmailForm):
    labels = {"email": "New e-mail"}  # noqa: RUF012


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class CodeForm(InOurWords, mfa.AuthenticateForm):
    pass


class CodeAgainForm(InOurWords, mfa.ReauthenticateForm):
    pass


class ActivateCodesForm(InOurWords, ActivateTOTPForm):
    labels = {"code": "Code from the app"}  # noqa: RUF012


class AddPasskeyForm(InOurWords, AddWebAuthnForm):
    pass
