"""Settings come from the environment, and fail loudly when they make no sense.

Every variable that is read here is described in README.md.
"""

import re
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from quizapp.environment import Environment
from quizapp.secret_key import kept_key
from quizapp.sqlite import create_private, pragmas, prefer_fixed_sqlite

prefer_fixed_sqlite()

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("QUIZAPP_DATA_DIR", default=str(BASE_DIR / "data")))
CONTENT_DIR = Path(env.str("QUIZAPP_CONTENT_DIR", default=str(BASE_DIR / "content")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="") or kept_key(DATA_DIR / "secret_key")
DEBUG = env.bool("DEBUG", default=False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", cast=str.strip, default=sorted(LOCAL_HOSTS))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", cast=str.strip, default=[])

INSTALLED_APPS = [
    "quizapp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quizapp.account.guests.GuestsAreVisitors",
    "quizapp.account.entering.unkept",
    "quizapp.study.faults.with_words_for_405",
]

ROOT_URLCONF = "quizapp.urls"
WSGI_APPLICATION = "quizapp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quizapp.account.context.installation",
            ],
        },
    },
]

# Data

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'quizapp.sqlite3'}"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": env.int("SQLITE_TIMEOUT", default=20),
        "init_command": pragmas(),
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    create_private(DATABASES["default"]["NAME"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Holds the limits on signing in, and files that editors look at before they bring them in. All
# processes share it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "quizapp_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# People

AUTH_USER_MODEL = "quizapp.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
QUIZAPP_GUESTS = env.bool("QUIZAPP_GUESTS", default=True)
QUIZAPP_SIGN_UP = env.bool("QUIZAPP_SIGN_UP", default=True)
QUIZAPP_OIDC_SIGN_UP = env.bool("QUIZAPP_OIDC_SIGN_UP", default=QUIZAPP_SIGN_UP)
# Whether a lead reads what members were sure of and wrong about; both sides are told which holds.
QUIZAPP_LEADS_SEE_RESPONSES = env.bool("QUIZAPP_LEADS_SEE_RESPONSES", default=False)

# Mail. Until a server is configured it goes to the console.

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="quizapp@localhost")
# Pages that send mail wait for the server, so that one which is dead must not hold them for long.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
if EMAIL_TIMEOUT < 1:
    raise ImproperlyConfigured(f"EMAIL_TIMEOUT has to be 1 second or more, not {EMAIL_TIMEOUT}.")


def _own_url() -> str:
    """Where people reach the installation, for links in mail that no request has asked for."""
    url: str = env.str("QUIZAPP_URL", default="").rstrip("/")
    if url and not re.fullmatch(r"https?://[^\s/?#<>]+(/[^\s?#<>]*)?", url):
        raise ImproperlyConfigured(
            f"QUIZAPP_URL has to be an address such as https://quiz.example.com, not {url}."
        )
    return url


QUIZAPP_URL = _own_url()

# Accounts

HTTPS = env.bool("QUIZAPP_HTTPS", default=False)
ACCOUNT_ADAPTER = "quizapp.account.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "quizapp.account.forms.SignInForm",
    "signup": "quizapp.account.forms.SignUpForm",
    "reset_password": "quizapp.account.forms.ResetPasswordForm",
    "reset_password_from_key": "quizapp.account.forms.ResetPasswordKeyForm",
    "change_password": "quizapp.account.forms.ChangePasswordForm",
    "set_password": "quizapp.account.forms.SetPasswordForm",
    "add_email": "quizapp.account.forms.ChangeEmailForm",
    "reauthenticate": "quizapp.account.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip,100/h/ip",
    "reset_password": "20/m/ip,5/10m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "quizapp.account.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "quizapp.account.forms.CodeForm",
    "reauthenticate": "quizapp.account.forms.CodeAgainForm",
    "activate_totp": "quizapp.account.forms.ActivateCodesForm",
    "add_webauthn": "quizapp.account.forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "quizapp"
MFA_TOTP_TOLERANCE = 1  # a code that has just changed still counts
# Browsers themselves refuse passkeys elsewhere than on HTTPS and localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "quizapp.account.adapters.SocialAdapter"
# An address that the provider vouches for, and that was confirmed here too, is the same person.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True


def _identity_provider() -> dict[str, object]:
    """The one provider of identities (OpenID Connect), if the environment names it in full."""
    given = {
        "QUIZAPP_OIDC_ISSUER": env.str("QUIZAPP_OIDC_ISSUER", default=""),
        "QUIZAPP_OIDC_CLIENT_ID": env.str("QUIZAPP_OIDC_CLIENT_ID", default=""),
        "QUIZAPP_OIDC_CLIENT_SECRET": env.str("QUIZAPP_OIDC_CLIENT_SECRET", default=""),
    }
    name = env.str("QUIZAPP_OIDC_NAME", default="")
    if not name and not any(given.values()):
        return {}
    if missing := [variable for variable, value in given.items() if not value]:
        raise ImproperlyConfigured(
            f"To sign in through a provider of identities, set {' and '.join(missing)} too."
        )
    app = {
        "provider_id": "provider",
        "name": name or "your organisation",
        "client_id": given["QUIZAPP_OIDC_CLIENT_ID"],
        "secret": given["QUIZAPP_OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["QUIZAPP_OIDC_ISSUER"].rstrip("/")},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


SOCIALACCOUNT_PROVIDERS = _identity_provider()

# Language and time. The zone of each learner is kept with the learner.

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "svgz", "woff2", "gz", "br"]

# Security

SESSION_COOKIE_AGE = 365 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("QUIZAPP_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

# Logs go to standard error, which the server hands on.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "quizapp.logs.WithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
