"""Signing in with an e-mail address and a password, and out again."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import LoginView, LogoutView


class SignInForm(AuthenticationForm):
    username = UsernameField(label="E-mail", widget=forms.EmailInput({"autofocus": True}))

    error_messages = {  # noqa: RUF012 - as Django declares it
        **AuthenticationForm.error_messages,
        "invalid_login": "The e-mail address or the password is wrong.",
    }


sign_in = LoginView.as_view(
    template_name="teams/sign_in.html",
    authentication_form=partial(SignInForm, label_suffix=""),
)
sign_out = LogoutView.as_view()
