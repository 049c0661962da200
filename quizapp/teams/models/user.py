"""Users. A guest is a real user without an e-mail address, or with one yet to be confirmed."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from quizapp.teams.timezones import is_timezone, known_timezone


def validate_timezone(name: str) -> None:
    if not is_timezone(name):
        raise ValidationError(f"“{name}” is not the name of a time zone, such as Europe/Berlin.")


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """An address is the same however it is written."""
        return super().normalize_email(email).lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def create_guest(self, *, timezone_name: str = "") -> User:
        user = self.model(is_guest=True, timezone=known_timezone(timezone_name))
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """For signing in: phones like to begin an address with a capital."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=150, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    rollover_hour = models.PositiveSmallIntegerField(default=4, validators=[MaxValueValidator(23)])
    new_per_day = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(500)])
    reviews_per_day = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty for no limit."
    )
    desired_retention = models.FloatField(
        default=0.9, validators=[MinValueValidator(0.7), MaxValueValidator(0.97)]
    )

    minutes_per_day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text="Empty for no limit.",
    )
    easy_days = models.JSONField(
        null=True, blank=True, help_text="Weekdays with little time: 0 for Monday to 6 for Sunday."
    )
    memory_parameters = models.JSONField(
        null=True, blank=True, help_text="Of the memory model, fitted to the learner."
    )
    # Whether editors have settled a flag of theirs, until they have read how.
    has_news = models.BooleanField(null=True, editable=False)
    # Whether the queue has goals to look up: kept by `scheduling.goals.syncing`.
    has_goals = models.BooleanField(null=True, editable=False)

    # Null where the person has not chosen: then whoever is in a team is reminded.
    wants_reminders = models.BooleanField(null=True, blank=True)
    wants_digest = models.BooleanField(null=True, blank=True)
    reminder_hour = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(23)]
    )
    reminder_days = models.JSONField(
        null=True, blank=True, help_text="Weekdays: 0 for Monday to 6 for Sunday."
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email or f"Guest {self.pk}"

    def clean(self) -> None:
        """As forms for users check it: what signing in and sweeping guests rely on."""
        super().clean()
        self.email = User.objects.normalize_email(self.email) or None
        if self.is_guest == bool(self.email):
            raise ValidationError({"email": "A guest has no e-mail address, anybody else has one."})
        if self.email and User.objects.exclude(pk=self.pk).filter(email__iexact=self.email):
            raise ValidationError({"email": "Somebody has an account with this address already."})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def administrator_exists() -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exists()
