"""People and their rights: who may sign in, who edits, who administers."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from quizapp.account import deleting
from quizapp.apps import EDITORS
from quizapp.scheduling import tallies
from quizapp.scheduling.cards import hold, keep_dates
from quizapp.scheduling.day import LearnerDay
from quizapp.teams.addresses import vouch
from quizapp.teams.models import User
from quizapp.web.words import count

_LEARNING = (
    "timezone",
    "rollover_hour",
    "new_per_day",
    "minutes_per_day",
    "reviews_per_day",
    "desired_retention",
)
_RIGHTS = ("is_active", "is_guest", "is_staff", "is_superuser", "groups", "user_permissions")


class NewUserForm(BaseUserCreationForm):
    email = forms.EmailField()


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    list_display = ("__str__", "email", "edits", "is_guest", "is_staff", "date_joined")
    list_filter = ("is_guest", "is_staff", "is_active", "groups")
    list_per_page = 50
    search_fields = ("email", "name")
    ordering = ("email", "pk")
    readonly_fields = ("last_login", "date_joined")
    actions = ("make_editors", "stop_editing")
    add_fieldsets = (
        (None, {"fields": ("email", "name", "timezone")}),
        ("Password", {"fields": ("password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Learning", {"fields": _LEARNING}),
        (
            "Rights",
            {
                "fields": _RIGHTS,
                "description": f"Whoever is in the group {EDITORS} may edit the content.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        group = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=EDITORS)
        users: QuerySet[User] = super().get_queryset(request).annotate(is_editor=Exists(group))
        return users

    @admin.display(description="editor", boolean=True, ordering="is_editor")
    def edits(self, user: Any) -> bool:
        return bool(user.is_editor)

    @admin.action(description="Let them edit the content", permissions=["change"])
    def make_editors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Guests stay what they are: nobody knows who they are."""
        chosen = list(users.filter(is_guest=False))
        _editors().user_set.add(*chosen)
        self._tell(request, chosen, f"{count(len(chosen), 'person', 'people')} may edit now.")

    @admin.action(description="Do not let them edit the content", permissions=["change"])
    def stop_editing(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = list(users)
        _editors().user_set.remove(*chosen)
        people = count(len(chosen), "person is", "people are")
        self._tell(request, chosen, f"{people} not in the group {EDITORS} any more.")

    def _tell(self, request: HttpRequest, users: Sequence[User], sentence: str) -> None:
        LogEntry.objects.log_actions(request.user.pk, users, CHANGE, sentence)  # type: ignore[arg-type]
        self.message_user(request, sentence)

    def save_model(self, request: HttpRequest, obj: User, form: forms.Form, change: bool) -> None:  # noqa: FBT001
        """Whoever administers the site vouches for the address: nobody need confirm it."""
        is_moved = change and {"timezone", "rollover_hour"} & set(form.changed_data)
        if is_moved:
            hold([obj.pk])
        super().save_model(request, obj, form, change)
        if obj.email and "email" in form.changed_data:
            vouch(obj)
        if is_moved:
            tallies.rebuild(obj)
            before = form.initial
            keep_dates(obj, LearnerDay(ZoneInfo(before["timezone"]), before["rollover_hour"]))

    def get_deleted_objects(
        self, objs: Sequence[User] | QuerySet[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Who goes, without a list of everything that goes along: that may be years of reviews."""
        users = list(objs)
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        stays = administrators.exclude(pk__in=[user.pk for user in users]).exists()
        protected = [] if stays else [str(user) for user in users if user.is_superuser]
        names = [f"{user}, with everything that is kept about this person" for user in users]
        return names, {str(User._meta.verbose_name_plural): len(users)}, set(), protected  # noqa: SLF001 - documented

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self._delete(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._delete(request, list(queryset))

    def _delete(self, request: HttpRequest, users: Sequence[User]) -> None:
        """As people delete themselves: nothing of them stays, and an administrator does."""
        for user in users:
            try:
                deleting.delete(user)
            except deleting.LastAdministratorError:
                sentence = f"{user} is the only administrator, and stays."
                self.message_user(request, sentence, messages.ERROR)


def _editors() -> Group:
    return Group.objects.get_or_create(name=EDITORS)[0]
