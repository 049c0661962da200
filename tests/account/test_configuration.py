"""Settings of accounts, as a process of its own reads them from the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def configured(
    tmp_path: Path, setting: str = "SOCIALACCOUNT_PROVIDERS", **variables: str
) -> subprocess.CompletedProcess[str]:
    command = f"from django.conf import settings; print(settings.{setting})"
    environment = {**os.environ, "QUIZAPP_DATA_DIR": str(tmp_path / "data"), **variables}
    environment["DJANGO_SETTINGS_MODULE"] = "quizapp.settings"
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", command],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_half_a_configuration_is_refused(tmp_path: Path) -> None:
    refused = configured(tmp_path, QUIZAPP_OIDC_ISSUER="https://id.example.com")
    assert "set QUIZAPP_OIDC_CLIENT_ID and QUIZAPP_OIDC_CLIENT_SECRET too" in refused.stderr
    assert configured(tmp_path).stdout == "{}\n"
    whole = configured(
        tmp_path,
        QUIZAPP_OIDC_ISSUER="https://id.example.com/",
        QUIZAPP_OIDC_CLIENT_ID="quizapp",
        QUIZAPP_OIDC_CLIENT_SECRET="secret",
    )
    assert "'server_url': 'https://id.example.com'" in whole.stdout
    assert "'name': 'your organisation'" in whole.stdout


@pytest.mark.parametrize(
    ("given", "backend"),
    [
        ({}, "django.core.mail.backends.console.EmailBackend"),
        (
            {"EMAIL_URL": "smtp+tls://quiz:secret@mail.example.com:587"},
            "django.core.mail.backends.smtp.EmailBackend",
        ),
    ],
)
def test_mail_goes_to_the_console_until_configured(
    tmp_path: Path, given: dict[str, str], backend: str
) -> None:
    assert configured(tmp_path, "EMAIL_BACKEND", **given).stdout.strip() == backend
    host = configured(tmp_path, "EMAIL_HOST", **given).stdout.strip()
    assert (host == "mail.example.com") is bool(given)


@pytest.mark.parametrize(("given", "proxies"), [({}, ""), ({"QUIZAPP_BEHIND_PROXY": "on"}, "1")])
def test_a_proxy_is_trusted_only_when_told(
    tmp_path: Path, given: dict[str, str], proxies: str
) -> None:
    refused = configured(tmp_path, "ALLAUTH_TRUSTED_PROXY_COUNT", **given)
    assert refused.stdout.strip() == proxies
