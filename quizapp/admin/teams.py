"""A plain look at teams. They are changed on their own pages, which administrators may use too."""

from typing import ClassVar

from django.contrib import admin

from quizapp.admin.looking import ReadOnlyAdmin
from quizapp.scheduling.models import Goal, ReadinessNote
from quizapp.teams.models import Absence, Assignment, Invite, Mailing, Membership, Team


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    list_display = ("name", "created_at", "archived_at")
    search_fields = ("name",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "team", "role", "joined_at", "left_at")
    list_filter = ("role",)
    list_select_related = ("user", "team")
    search_fields = ("=user__email", "user__name", "team__name")


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin):
    list_display = ("membership", "first_day", "last_day")


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "team", "created_at", "expires_at", "uses", "max_uses", "revoked_at")
    list_select_related = ("team",)
    exclude = ("token_hash",)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("track", "team", "due_on", "due_days", "target", "minutes_per_day", "ended_at")
    list_select_related = ("track", "team")


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "day", "claimed_at", "sent_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    ordering = ("-pk",)
    search_fields = ("=user__email",)


class MeasuredAdmin(ReadOnlyAdmin):
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = ("user", "assignment")
    ordering = ("-pk",)
    search_fields: ClassVar[list[str] | tuple[str, ...]] = ("=user__email", "user__name")


@admin.register(Goal)
class GoalAdmin(MeasuredAdmin):
    list_display = ("user", "assignment", "due_on", "readiness", "forecast", "status")
    list_filter = ("status",)


@admin.register(ReadinessNote)
class ReadinessNoteAdmin(MeasuredAdmin):
    list_display = ("user", "assignment", "noted_on", "readiness", "forecast", "outcome")
