"""Somebody who has done everything that leaves a row, for tests of taking it along and deleting."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from quizapp.authoring.models import Draft
from quizapp.content import history
from quizapp.content.models import Chapter, Question
from quizapp.scheduling import answers, cards
from quizapp.scheduling.flags import flag, settle
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Goal, MemoryFit, ReadinessNote, Review
from quizapp.study.models import Quiz, QuizQuestion, Reading
from quizapp.teams.models import Absence, Mailing, User
from tests.factories import AssignmentFactory, InviteFactory, MembershipFactory, QuestionFactory
from tests.scheduling.studying import MORNING, answer


def live_fully(user: User, marker: str = "the marker", administrator: User | None = None) -> None:
    """Leave rows of every kind. The marker is in every text that a person can write."""
    _sign_in_in_every_way(user, marker)
    _study(user, marker)
    be_in_a_team(user)
    kind = ContentType.objects.get_for_model(User)
    for actor, actee in ((user, administrator), (administrator, user)):
        if actor and actee:
            LogEntry.objects.create(
                user=actor,
                content_type=kind,
                object_id=str(actee.pk),
                object_repr=str(actee),
                action_flag=CHANGE,
                change_message=f"{actor} changed {actee}",
            )


def _sign_in_in_every_way(user: User, marker: str) -> None:
    address, _ = EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    EmailConfirmation.objects.create(email_address=address, key=f"confirm {user.pk}")
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "the-secret-of-codes"}
    )
    SocialAccount.objects.create(
        user=user, provider="openid_connect", uid=f"{marker} {user.pk}", extra_data={"a": marker}
    )
    client = Client(HTTP_USER_AGENT=marker)
    client.force_login(user)
    UserSession.objects.get_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "203.0.113.77", "user_agent": marker},
    )
    user.groups.add(Group.objects.get_or_create(name="Platform")[0])
    user.user_permissions.add(*Permission.objects.all()[:1])


def _study(user: User, marker: str) -> None:
    question: Question = QuestionFactory()
    log = answer(user, question).review
    Review.objects.filter(pk=log.pk).update(response={"text": marker})
    undone = answer(user, question, Rating.AGAIN, MORNING + timedelta(days=9)).review
    answers.undo(user, undone.pk, MORNING)
    cards.suspend(user, QuestionFactory(), MORNING)
    flag(user, question, "other", marker, MORNING)
    settled = QuestionFactory()
    flag(user, settled, "typo", marker, MORNING)
    settle(settled, "answered", "It is as it should be.", user, MORNING)
    quiz = Quiz.objects.create(user=user, title=marker, share_key=f"{user.pk:043}")
    QuizQuestion.objects.create(quiz=quiz, position=0, question=question, review=log)
    chapter = Chapter.objects.create(
        slug=f"chapter-{user.pk}", topic=question.topic, title="Pods", summary="Of pods", body="#"
    )
    Reading.objects.create(user=user, chapter=chapter, anchor=marker, read_at=timezone.now())
    change = history.Change(user.pk, timezone.now(), history.Act.EDITED)
    change.revision("question", question.slug, {"stem": "Why?"}).save()
    Draft.objects.create(slug=f"draft-{user.pk}", source={"stem": "Why?"}, by=user)
    MemoryFit.objects.create(
        user=user,
        reviews=1,
        parameters=[1.0],
        is_adopted=False,
        log_loss=1,
        log_loss_before=1,
        log_loss_constant=1,
        log_loss_moving_average=1,
    )


def be_in_a_team(user: User) -> None:
    """Rows of a team, an assignment and what came of it."""
    membership = MembershipFactory(user=user)
    day = date(2026, 3, 2)
    Absence.objects.create(membership=membership, first_day=day, last_day=day)
    InviteFactory(team=membership.team, created_by=user)
    assignment = AssignmentFactory(team=membership.team, created_by=user)
    Goal.objects.create(assignment=assignment, membership=membership, user=user, due_on=day)
    ReadinessNote.objects.create(
        assignment=assignment,
        user=user,
        noted_on=day,
        due_on=day,
        readiness=0.5,
        forecast=0.8,
        forecast_low=0.7,
        forecast_high=0.9,
    )
    Mailing.objects.create(user=user, kind="reminder", day=day, claimed_at=MORNING)
