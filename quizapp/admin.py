"""Site administration: a plain look at the rows, for those who run the installation."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.db.models import Model
from django.http import HttpRequest

from quizapp.content.models import Confusable, Fact, Question, Topic, Track
from quizapp.scheduling import tallies
from quizapp.scheduling.models import Flag
from quizapp.teams.addresses import vouch
from quizapp.teams.models import User

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
    list_display = ("__str__", "email", "is_guest", "is_staff", "date_joined")
    list_filter = ("is_guest", "is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email", "pk")
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (None, {"fields": ("email", "name", "timezone")}),
        ("Password", {"fields": ("password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Learning", {"fields": _LEARNING}),
        ("Rights", {"fields": _RIGHTS}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: forms.Form, change: bool) -> None:  # noqa: FBT001
        """Whoever administers the site vouches for the address: nobody need confirm it."""
        super().save_model(request, obj, form, change)
        if obj.email and "email" in form.changed_data:
            vouch(obj)
        if change and {"timezone", "rollover_hour"} & set(form.changed_data):
            tallies.rebuild(obj)


class ContentAdmin(admin.ModelAdmin):
    """To look at only: content is checked on its way in, which this form would bypass."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Topic, Track)
class TitledAdmin(ContentAdmin):
    list_display = ("title", "slug", "position", "retired_at")


@admin.register(Fact)
class FactAdmin(ContentAdmin):
    list_display = ("slug", "topic", "retired_at")
    list_filter = ("topic",)
    search_fields = ("slug", "fact")


@admin.register(Confusable)
class ConfusableAdmin(ContentAdmin):
    list_display = ("slug", "position", "retired_at")
    search_fields = ("slug",)


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    list_display = ("slug", "topic", "kind", "version", "retired_at")
    list_filter = ("topic", "kind", "bloom")
    search_fields = ("slug", "stem")


@admin.register(Flag)
class FlagAdmin(admin.ModelAdmin):
    list_display = ("question", "reason", "comment", "created_at", "resolved_at")
    list_filter = ("reason", "resolved_at")
    list_select_related = ("question",)
