"""The page on which the first administrator is created, behind a link that works once."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from quizapp.teams.addresses import LONGEST_EMAIL, vouch
from quizapp.teams.models import SetupLink, User
from quizapp.teams.timezones import known_timezone


class AdministratorForm(forms.Form):
    email = forms.EmailField(
        label="E-mail",
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    name = forms.CharField(
        label="Name",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label="Password again",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    timezone = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody has an account with this address already.")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email")))
        return password

    def clean_password_again(self) -> str:
        again: str = self.cleaned_data["password_again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("The two passwords differ.")
        return again

    def clean_timezone(self) -> str:
        return known_timezone(self.cleaned_data["timezone"])


@never_cache
def setup(request: HttpRequest, token: str) -> HttpResponse:
    if not SetupLink.is_valid(token):
        raise Http404("This link was used already, or is too old.")
    form = AdministratorForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with transaction.atomic():
            if not SetupLink.redeem(token):
                raise Http404("This link was used already.")
            user = User.objects.create_superuser(
                data["email"], data["password"], name=data["name"], timezone=data["timezone"]
            )
            vouch(user)
        response: HttpResponse = perform_login(request, user)
        return response
    return render(request, "teams/setup.html", {"form": form})
