"""What is kept about a person, table by table: a list that a test holds complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Model

from quizapp.teams.models import User

CHUNK = 500

ABOUT_PROFILE = "Who you are here, and your settings. Your password is kept as a hash, left out."


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one model. `owner` is the lookup that leads to the person.

    Every column is given by its name, filled by the lookup in `instead` if there is one, such as
    a question's slug for its number. `only` names the columns where not all are the person's to
    have: of models that are not our own, since their next version may add a secret, or of rows
    that tell of others.
    """

    name: str
    model: str
    about: str
    owner: str = "user"
    instead: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def columns(self) -> dict[str, str]:
        """The name of each column, and the lookup that fills it."""
        names = self.only or [
            each.name
            for each in self.model_class._meta.concrete_fields  # noqa: SLF001 - documented
            if each.name != self.owner
        ]
        return {name: self.instead.get(name, name) for name in names}


_BY_SLUG = {"question": "question__slug"}

SECTIONS = (
    Section(
        "email_addresses",
        "account.EmailAddress",
        "The addresses that you can sign in with.",
        only=("email", "verified", "primary"),
    ),
    Section(
        "other_accounts",
        "socialaccount.SocialAccount",
        "Accounts elsewhere that you sign in with, and what they told us about you.",
        only=("provider", "uid", "date_joined", "last_login", "extra_data"),
    ),
    Section(
        "authenticators",
        "mfa.Authenticator",
        "Passkeys, codes and recovery codes: their kinds and dates. The secrets are left out.",
        only=("type", "created_at", "last_used_at"),
    ),
    Section(
        "sessions",
        "usersessions.UserSession",
        "Where you are signed in. The keys are left out.",
        only=("created_at", "last_seen_at", "ip", "user_agent"),
    ),
    Section(
        "cards",
        "quizapp.Card",
        "What you are taken to remember of each question: stability is in days, difficulty runs "
        "from 1 to 10, state is 0 new, 1 learning, 2 review, 3 relearning.",
        instead=_BY_SLUG,
    ),
    Section(
        "reviews",
        "quizapp.Review",
        "Every answer that you gave, with those undone and those superseded when two accounts "
        "were merged. Rating is 1 again, 2 hard, 3 good, 4 easy; retrievability is the chance "
        "of recall that was expected; before and after are the card's.",
        instead=_BY_SLUG,
    ),
    Section(
        "flags",
        "quizapp.Flag",
        "What you told the editors about questions, and what came of it; review is the id of the "
        "answer that you had given last.",
        instead=_BY_SLUG,
        only=(
            *("id", "question", "question_version", "review", "reason", "comment", "created_at"),
            *("resolved_at", "outcome", "reply", "told_at"),
        ),
    ),
    Section(
        "flags_settled",
        "quizapp.Flag",
        "What you replied to learners about questions, without who they are.",
        owner="resolved_by",
        instead=_BY_SLUG,
        only=("question", "resolved_at", "outcome", "reply"),
    ),
    Section(
        "content_changes",
        "quizapp.Revision",
        "What you changed of the content, and what each entry said from then on.",
        owner="by",
    ),
    Section(
        "content_drafts",
        "quizapp.Draft",
        "Your drafts of questions.",
        owner="by",
        only=("slug", "source", "changed_at", "changes_meaning", "live_at"),
    ),
    Section(
        "quizzes",
        "quizapp.Quiz",
        "The quizzes that you took. With share_key, others can see the result.",
        instead={"pretest_of": "pretest_of__slug"},
    ),
    Section(
        "quiz_questions",
        "quizapp.QuizQuestion",
        "The questions of your quizzes; quiz and review are the ids of those.",
        owner="quiz__user",
        instead=_BY_SLUG,
    ),
    Section(
        "readings",
        "quizapp.Reading",
        "How far you have read in each chapter.",
        instead={"chapter": "chapter__slug"},
    ),
    Section(
        "teams",
        "quizapp.Membership",
        "The teams that you are or were in.",
        instead={"team": "team__name"},
    ),
    Section(
        "absences",
        "quizapp.Absence",
        "When you were on leave.",
        owner="membership__user",
        only=("first_day", "last_day"),
    ),
    Section(
        "invites_made",
        "quizapp.Invite",
        "The invites that you made, without whom they were for.",
        owner="created_by",
        instead={"team": "team__name"},
        only=("team", "created_at", "expires_at", "max_uses", "uses", "revoked_at"),
    ),
    Section(
        "assignments_made",
        "quizapp.Assignment",
        "What you assigned to a team, or to a member.",
        owner="created_by",
        instead={"team": "team__name", "track": "track__slug"},
        only=(
            *("team", "track", "due_on", "due_days", "target", "minutes_per_day"),
            *("created_at", "ended_at"),
        ),
    ),
    Section(
        "goals",
        "quizapp.Goal",
        "What you are to know by when, and where you stood when that was counted last. "
        "Your leads see the same.",
        instead={"assignment": "assignment__track__slug", "membership": "membership__team__name"},
    ),
    Section(
        "readiness_notes",
        "quizapp.ReadinessNote",
        "What was expected of you on days of the past. Your leads see the same.",
        instead={"assignment": "assignment__track__slug"},
    ),
    Section("mailings", "quizapp.Mailing", "The reminders and digests that were sent to you."),
    Section("day_tallies", "quizapp.DayTally", "Sums over your answers of each day."),
    Section(
        "memory_fit",
        "quizapp.MemoryFit",
        "How well the memory model fits your answers, if it was fitted to you.",
    ),
)

LEFT_OUT = {
    "quizapp.User_groups": "Their names are in the profile.",
    "quizapp.User_user_permissions": "Their names are in the profile.",
    "account.EmailConfirmation": "Keys under way to an address, good for some days.",
    "socialaccount.SocialToken": "Keys to accounts elsewhere.",
    "admin.LogEntry": "The installation's record of what administrators did, to others too.",
}
"""Tables that lead to a person and are no part of the export, and why."""


def profile(user: User) -> dict[str, Any]:
    values = {
        each.name: getattr(user, each.attname)
        for each in user._meta.concrete_fields  # noqa: SLF001 - documented
        if each.name != "password"
    }
    permissions = user.user_permissions.order_by("pk").values_list("codename", flat=True)
    return {
        **values,
        "groups": list(user.groups.order_by("pk").values_list("name", flat=True)),
        "user_permissions": list(permissions),
    }


def rows_of(section: Section, user: User) -> Iterator[dict[str, Any]]:
    """The person's rows of a section, oldest first. Each chunk is a query of its own."""
    columns = section.columns()
    for values in values_of(section.model_class, {section.owner: user}, columns.values()):
        yield dict(zip(columns, values, strict=True))


def values_of(
    model: type[Model], whose: Mapping[str, User], lookups: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    """Columns of somebody's rows, by key: the keys first, then a chunk of the rows at a time."""
    rows = model._base_manager.order_by("pk")  # noqa: SLF001 - documented
    keys = iter(list(rows.filter(**whose).values_list("pk", flat=True)))
    while chunk := list(islice(keys, CHUNK)):
        yield from rows.filter(pk__in=chunk).values_list(*lookups)
