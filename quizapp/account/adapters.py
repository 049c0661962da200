"""What allauth asks of us: who may sign up, what signing up and in does to guests, our words."""

# ruff: noqa: ARG002 - the arguments are what allauth calls these with

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.utils import get_request_param
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from quizapp.account import bringing
from quizapp.account.guests import guest_of, keep_session
from quizapp.account.invited import leads_to_open_invite
from quizapp.teams.addresses import (
    LONGEST_EMAIL,
    account_with,
    drop_claims,
    vouch_if_needed,
)
from quizapp.teams.models import User

TOO_MANY = "That was one time too many. Wait five minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {  # noqa: RUF012 - as allauth declares it
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": "This is the address of your account already.",
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "enter_current_password": "That is not your password.",
        "incorrect_password": "That is not your password.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        onward = get_request_param(request, "next", "")
        return bool(settings.QUIZAPP_SIGN_UP) or leads_to_open_invite(onward)

    def clean_email(self, email: str) -> str:
        if len(email) > LONGEST_EMAIL:
            raise forms.ValidationError(f"Give an address of {LONGEST_EMAIL} letters or fewer.")
        return email

    def is_safe_url(self, url: str) -> bool:
        """What is no address at all is not safe. That of allauth fails on it."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for each account. That of allauth differs by the host, and the port in it."""
        return str(credentials.get("email") or credentials.get("username") or "").lower()

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        vouch_if_needed(user)
        return cast("HttpResponse | None", super().pre_login(request, user, **how))

    def login(self, request: HttpRequest, user: User) -> None:
        guest = guest_of(request)
        super().login(request, user)
        if guest and guest != user:
            bringing.offer(request, guest)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **how)
        if bringing.offered(request) is None:
            return response
        onward = urlencode({"next": response["Location"]})
        return redirect(f"{reverse('bring-along')}?{onward}")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make the address the account's. A guest is one no longer."""
        user: User = email_address.user
        with transaction.atomic():
            if account_with(email_address.email) not in (None, user):
                self.add_message(
                    request,
                    messages.ERROR,
                    "account/messages/email_confirmation_failed.txt",
                    {"email": email_address.email},
                )
                return False
            if not super().confirm_email(request, email_address):
                return False
            drop_claims(email_address.email, but=user)
            user.is_guest = False
            user.save(update_fields=["is_guest"])
        return True


class SocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        onward = sociallogin.state.get("next") or ""
        return bool(settings.QUIZAPP_OIDC_SIGN_UP) or leads_to_open_invite(onward)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account with an address that the provider vouches for, and that is proven here."""
        for address in sociallogin.email_addresses:
            # Anything but a plain true, such as the text "false", vouches for nothing.
            address.verified = address.verified is True
            owner = account_with(address.email) if address.verified else None
            if owner is not None:
                vouch_if_needed(owner)
                return owner, address.email
        return None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        for address in sociallogin.email_addresses:
            if address.verified:
                drop_claims(address.email)
        return bool(super().is_auto_signup_allowed(request, sociallogin))

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:150]
        return user

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: forms.Form | None = None
    ) -> User:
        """Make a guest the account and keep everything, or make a new one.

        Without an address that the provider vouches for, it stays a guest until one is confirmed.
        """
        with transaction.atomic():
            guest = guest_of(request)
            if guest is not None:
                EmailAddress.objects.filter(user=guest).delete()
                guest.name = guest.name or sociallogin.user.name
                guest.email = sociallogin.user.email
                sociallogin.user = guest
            user: User = super().save_user(request, sociallogin, form=form)
            address = EmailAddress.objects.filter(user=user).first()
            proven = address is not None and address.verified
            user.is_guest = not proven
            user.email = address.email if proven else None
            user.save(update_fields=["is_guest", "email"])
            EmailAddress.objects.filter(user=user, verified=False).update(primary=False)
        if guest is not None:
            keep_session(request, guest)
        return user


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {  # noqa: RUF012 - as allauth declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or no longer.",
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        return "Passkey"

    def build_totp_svg(self, url: str) -> str:
        """Markup to be put into the page as it is, for the policy allows no data as a picture."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
