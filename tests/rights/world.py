"""Everybody who may want to see something, and something of everything there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from quizapp.authoring.models import Draft
from quizapp.content import history
from quizapp.content.models import ChapterQuestion, Revision
from quizapp.onboarding.reminders import unsubscribing
from quizapp.scheduling.flags import flag
from quizapp.scheduling.goals import syncing
from quizapp.study.models import Quiz, QuizQuestion
from quizapp.teams.models import Absence, Mailing, Membership, SetupLink, Team, User
from quizapp.teams.tokens import hash_of
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    InviteFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TrackFactory,
    UserFactory,
)
from tests.scheduling.studying import answer

ROLES = (
    "visitor",
    "guest",
    "learner",
    "editor",
    "former member",
    "removed lead",
    "colleague",
    "member",
    "lead",
    "other lead",
    "administrator",
)
"""The member is the one whose objects are asked for; the colleague is in the same team."""


@dataclass
class World:
    people: dict[str, User]
    arguments: dict[str, dict[str, Any]]
    """Of an address, by its name, where the route's own parameters do not tell."""

    by_parameter: dict[str, Any]


def everything() -> World:
    now = timezone.now()
    people = _people()
    team = _team(people)
    alice = people["member"]
    question = QuestionFactory(slug="the-question")
    chapter = ChapterFactory(slug="the-chapter", topic=question.topic)
    review = answer(alice, question, now=now).review
    flag(alice, question, "typo", "There is one.", now)
    ChapterQuestion.objects.create(chapter=chapter, question=question, position=0)
    quiz = Quiz.objects.create(user=alice, title="Quiz", share_key="k" * 43, finished_at=now)
    QuizQuestion.objects.create(quiz=quiz, position=0, question=QuestionFactory())
    membership = Membership.objects.get(team=team, user=alice)
    absence = Absence.objects.create(
        membership=membership,
        first_day=date(2030, 1, 1),
        last_day=date(2030, 1, 2),
    )
    assignment = AssignmentFactory(team=team, track=TrackFactory(topics=[question.topic]))
    syncing.sync(team)
    InviteFactory(team=team, token_hash=hash_of("the-token"))
    revision = _revision(people["editor"], question.slug)
    draft = Draft.objects.create(slug=question.slug, source={}, by=people["editor"])
    of_review, of_quiz = {"pk": review.pk}, {"pk": quiz.pk}
    return World(
        people=people,
        arguments={
            "undo": of_review,
            "too-easy": of_review,
            **{f"quiz{act}": of_quiz for act in ("", *_QUIZ_ACTS)},
            "quiz-shared": {"key": quiz.share_key},
            "fact": {"slug": question.facts.get().slug},
            "chapter": {"slug": chapter.slug},
            "chapter-reading": {"slug": chapter.slug},
            "pretest": {"slug": question.topic.slug},
            "openid_connect_login": {"provider_id": "provider"},
            "openid_connect_callback": {"provider_id": "provider"},
            "mfa_edit_webauthn": {"pk": 1},
            "mfa_remove_webauthn": {"pk": 1},
            "edit-flag-answer": {"question": question.pk},
            "edit-restore": {"slug": question.slug, "pk": revision.pk},
            "draft-shown": {"key": draft.preview_key},
            "setup": {"token": SetupLink.issue()},
            "join": {"token": "the-token"},
            "reminders-stop": {"token": unsubscribing.token_of(alice, Mailing.Kind.REMINDER)},
            "invite-revoke": {"team": team.pk, "pk": team.invites.get().pk},
            "member-back": {"team": team.pk, "user": alice.pk, "pk": absence.pk},
            **{
                name: {"team": team.pk, "pk": assignment.pk}
                for name in ("assignment", "assignment-end", "assignment-resume")
            },
        },
        by_parameter={
            "pk": question.pk,
            "question": question.slug,
            "topic": question.topic.slug,
            "slug": question.slug,
            "chapter": chapter.slug,
            "team": team.pk,
            "user": alice.pk,
            "batch": "00000000-0000-0000-0000-000000000000",
            "key": "key",
            "uidb36": "1",
        },
    )


_QUIZ_ACTS = ("-end", "-result", "-again", "-share", "-unshare", "-study-all")


def _people() -> dict[str, User]:
    people = {
        role: UserFactory(name=role.title(), email=f"{role.replace(' ', '.')}@example.com")
        for role in ROLES
        if role not in ("visitor", "guest")
    }
    people["guest"] = User.objects.create_guest()
    people["editor"].groups.add(Group.objects.get(name="Editors"))
    User.objects.filter(pk=people["administrator"].pk).update(is_staff=True, is_superuser=True)
    people["administrator"].refresh_from_db()
    return people


def _team(people: dict[str, User]) -> Team:
    team: Team = TeamFactory(name="Platform")
    for role in ("colleague", "member"):
        MembershipFactory(team=team, user=people[role])
    MembershipFactory(team=team, user=people["lead"], role=Membership.Role.LEAD)
    gone = timezone.now() - timedelta(days=1)
    MembershipFactory(team=team, user=people["former member"], left_at=gone)
    MembershipFactory(
        team=team, user=people["removed lead"], role=Membership.Role.LEAD, left_at=gone
    )
    other = TeamFactory(name="Elsewhere")
    MembershipFactory(team=other, user=people["other lead"], role=Membership.Role.LEAD)
    return team


def _revision(editor: User, slug: str) -> Revision:
    change = history.Change(editor.pk, timezone.now(), history.Act.EDITED)
    revision = change.revision("question", slug, {"stem": "Why?"})
    revision.save()
    return revision
