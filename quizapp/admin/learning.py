"""What learners have done: a log that nobody edits. What they responded is theirs: not shown."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from quizapp.admin.looking import ReadOnlyAdmin, link_to
from quizapp.scheduling.models import Card, DayTally, Flag, MemoryFit, Review
from quizapp.study.models import Quiz, Reading

LEARNER = ("=user__email", "user__name")
"""An address is looked for whole: a part of one would read a table of millions."""


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ("question", "reason", "comment", "created_at", "outcome", "inbox")
    list_filter = ("reason", "outcome")
    list_select_related = ("question",)
    ordering = ("-pk",)
    search_fields = ("question__slug", "comment")
    exclude = ("review",)
    readonly_fields = ("inbox",)

    @admin.display(description="inbox")
    def inbox(self, flag: Flag) -> SafeString:
        state = "settled" if flag.resolved_at else "open"
        address = f"{reverse('edit-flags')}?state={state}&question={flag.question.slug}"
        return link_to(address, "In the inbox")


class LogAdmin(ReadOnlyAdmin):
    """Rows of learners, of which there may be millions: the latest first, by their key."""

    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = ("user", "question")
    ordering = ("-pk",)
    search_fields: ClassVar[list[str] | tuple[str, ...]] = (*LEARNER, "=question__slug")


@admin.register(Card)
class CardAdmin(LogAdmin):
    list_display = ("question", "user", "state", "due", "reps", "lapses", "is_suspended")
    list_filter = ("state", "is_suspended", "is_leech")


@admin.register(Review)
class ReviewAdmin(LogAdmin):
    """Without the response, which is the learner's own."""

    list_display = ("question", "user", "reviewed_at", "rating", "score", "undone_at")
    list_filter = ("rating",)
    exclude = ("response", "options_order", "before", "after", "seed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).defer("response", "options_order", "before", "after")


@admin.register(Quiz)
class QuizAdmin(LogAdmin):
    """Without the key, with which anybody could look at its result."""

    list_display = ("title", "user", "feedback", "started_at", "finished_at")
    list_filter = ("feedback",)
    list_select_related = ("user",)
    search_fields = (*LEARNER, "title")
    exclude = ("share_key",)


@admin.register(Reading)
class ReadingAdmin(LogAdmin):
    list_display = ("chapter", "user", "anchor", "read_at")
    list_select_related = ("user", "chapter")
    search_fields = (*LEARNER, "=chapter__slug")


@admin.register(DayTally)
class DayTallyAdmin(LogAdmin):
    list_display = ("user", "day", "reviews", "duration_ms")
    list_select_related = ("user",)
    search_fields = LEARNER


@admin.register(MemoryFit)
class MemoryFitAdmin(LogAdmin):
    list_display = ("user", "reviews", "is_adopted", "log_loss", "log_loss_before")
    list_select_related = ("user",)
    search_fields = LEARNER
