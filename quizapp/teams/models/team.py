"""Teams: who is in one, who leads it, and who is away."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from quizapp.teams.models.user import User


class TeamQuerySet(models.QuerySet["Team"]):
    def active(self) -> Self:
        return self.filter(archived_at=None)

    def led_by(self, user: User) -> Self:
        """Administrators lead every team."""
        if user.is_superuser:
            return self
        return self._with(user, Q(role=Membership.Role.LEAD))

    def of(self, user: User) -> Self:
        """Those that the person is in now, in whatever role."""
        return self._with(user, Q())

    def open_to(self, user: User) -> Self:
        """Those of which the person may see something: a member what is about themself."""
        return self if user.is_superuser else self.of(user)

    def _with(self, user: User, condition: Q) -> Self:
        theirs = Membership.objects.current().filter(condition, team=OuterRef("pk"), user=user)
        return self.filter(Exists(theirs))


class Team(models.Model):
    name = models.CharField(max_length=100)
    domains = models.JSONField(
        default=list,
        blank=True,
        help_text="Only people with an address at one of these may join; empty for anybody.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def members(self) -> Self:
        """Those now in the team to learn."""
        return self.current().filter(role=Membership.Role.MEMBER)

    def leads(self) -> Self:
        return self.current().filter(role=Membership.Role.LEAD)


class Membership(models.Model):
    """A person in a team. Who has left keeps the row, and comes back with it."""

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        LEAD = "lead", "Lead"

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_team"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"

    @property
    def is_lead(self) -> bool:
        return self.role == self.Role.LEAD


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def not_over(self, today: date) -> Self:
        return self.filter(last_day__gte=today)


class Absence(models.Model):
    """Days on which a member is on leave: nothing is asked, while memory fades all the same."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("first_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"
