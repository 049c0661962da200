"""Content, to look at: it is edited on the editor's pages, whose checks a form would bypass."""

from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import SafeString

from quizapp.admin.looking import ReadOnlyAdmin, link_to
from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content.models import (
    Chapter,
    Confusable,
    Fact,
    Question,
    Revision,
    Topic,
    Track,
)


@admin.register(Topic, Track)
class TitledAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "position", "retired_at")
    search_fields = ("title", "slug")


@admin.register(Fact)
class FactAdmin(ReadOnlyAdmin):
    list_display = ("slug", "topic", "extends", "retired_at")
    list_filter = ("topic",)
    list_select_related = ("topic", "extends")
    search_fields = ("slug", "fact")


@admin.register(Confusable)
class ConfusableAdmin(ReadOnlyAdmin):
    list_display = ("slug", "names", "position", "retired_at")
    search_fields = ("slug",)

    @admin.display(description="sides")
    def names(self, confusable: Confusable) -> str:
        return ", ".join(confusable.sides)


@admin.register(Chapter)
class ChapterAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "topic", "position", "retired_at")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    search_fields = ("title", "slug")


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("slug", "topic", "kind", "version", "retired_at", "edit")
    list_filter = ("topic", "kind", "bloom")
    list_select_related = ("topic",)
    search_fields = ("slug", "stem")
    readonly_fields = ("edit",)

    @admin.display(description="edit")
    def edit(self, question: Question) -> SafeString:
        return link_to(reverse("edit-question", args=[question.slug]), "Edit on its page")


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("slug", "noun", "act", "by", "at", "batch")
    list_filter = ("noun", "act")
    list_select_related = ("by",)
    ordering = ("-pk",)
    search_fields = ("slug", "=by__email")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """Without the key, with which anybody could look at it."""

    list_display = ("slug", "by", "changed_at", "changes_meaning", "live_at", "edit")
    list_select_related = ("by",)
    ordering = ("-changed_at",)
    search_fields = ("slug",)
    exclude = ("preview_key",)
    readonly_fields = ("edit",)

    @admin.display(description="edit")
    def edit(self, draft: Draft) -> SafeString:
        return link_to(reverse("edit-question", args=[draft.slug]), "Edit on its page")


@admin.register(ItemStatistics)
class ItemStatisticsAdmin(ReadOnlyAdmin):
    list_display = ("question", "responses", "facility", "discrimination", "attention")
    list_select_related = ("question",)
    ordering = ("-attention", "pk")
    search_fields = ("question__slug",)
