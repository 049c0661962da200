"""Rows for tests, made with as little as each test has to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from quizapp.content.models import (
    Chapter,
    ChapterFact,
    ChapterQuestion,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    QuestionFact,
    Topic,
    Track,
    TrackTopic,
)
from quizapp.content.primer.blocks import text_of
from quizapp.teams.models import Assignment, Invite, Membership, Team, User
from quizapp.teams.tokens import hash_of, new_token
from tests.kinds import SAMPLES


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"learner{n}@example.com")


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    title = factory.Sequence(lambda n: f"Topic {n}")
    summary = "What it is about."
    position = factory.Sequence(int)


class FactFactory(factory.django.DjangoModelFactory[Fact]):
    class Meta:
        model = Fact

    slug = factory.Sequence(lambda n: f"fact-{n}")
    topic = factory.SubFactory(TopicFactory)
    fact = "Pods are replaceable."
    why = "Nodes fail."
    docs = "docs/concepts/workloads/pods/"


class QuestionFactory(factory.django.DjangoModelFactory[Question]):
    """A question of the given kind, drilling a fact of its own unless `facts` are given."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"question-{n}")
    topic = factory.SubFactory(TopicFactory)
    kind = "single_choice"
    stem = factory.LazyAttribute(lambda question: f"Stem of {question.slug}?")
    explanation = "This is why."
    bloom = "apply"
    position = factory.Sequence(int)
    spec = factory.LazyAttribute(lambda question: SAMPLES[question.kind].spec)

    @factory.post_generation
    def facts(self: Any, create: bool, facts: list[Fact] | None, **_: Any) -> None:  # noqa: FBT001
        for position, fact in enumerate(facts or [FactFactory(topic=self.topic)]):
            QuestionFact.objects.create(question=self, fact=fact, position=position)


class ConfusableFactory(factory.django.DjangoModelFactory[Confusable]):
    """Things that people mix up: each of `facts` stands for a side."""

    class Meta:
        model = Confusable
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"confusable-{n}")
    sides = ("PersistentVolume", "PersistentVolumeClaim")
    contrast = factory.LazyAttribute(
        lambda made: [{"aspect": "What it is", "says": [f"what {name} is" for name in made.sides]}]
    )

    @factory.post_generation
    def facts(self: Any, create: bool, facts: list[Fact], **_: Any) -> None:  # noqa: FBT001
        for side, fact in enumerate(facts):
            ConfusableFact.objects.create(confusable=self, fact=fact, side=side)


class ChapterFactory(factory.django.DjangoModelFactory[Chapter]):
    """A chapter of two sections, which state `states` and ask `asks`, or with any other `body`."""

    class Meta:
        model = Chapter
        skip_postgeneration_save = True

    class Params:
        states: tuple[Fact, ...] = ()
        asks: tuple[Question, ...] = ()

    slug = factory.Sequence(lambda n: f"chapter-{n}")
    topic = factory.SubFactory(TopicFactory)
    title = factory.Sequence(lambda n: f"Chapter {n}")
    summary = "What it tells."
    position = factory.Sequence(int)
    body = factory.LazyAttribute(
        lambda chapter: "\n\n".join(
            [
                "Pods come and go.",
                "## What goes",
                "A Pod goes with its node.",
                *(f"::fact {fact.slug}" for fact in chapter.states),
                "## What stays",
                "The Service stays.",
                *(f"::question {question.slug}" for question in chapter.asks),
            ]
        )
    )

    @factory.post_generation
    def placed(self: Any, create: bool, _: Any, **__: Any) -> None:  # noqa: FBT001
        text = text_of(self)
        for each in text.facts:
            fact, heading = Fact.objects.get(slug=each.slug), text.title_of(each.section)
            ChapterFact.objects.create(
                chapter=self, fact=fact, section=each.section, heading=heading
            )
        for each in text.questions:
            question = Question.objects.get(slug=each.slug)
            ChapterQuestion.objects.create(chapter=self, question=question, section=each.section)


class TrackFactory(factory.django.DjangoModelFactory[Track]):
    """A track of the given `topics`."""

    class Meta:
        model = Track
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"track-{n}")
    title = factory.Sequence(lambda n: f"Track {n}")
    position = factory.Sequence(int)

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None, **_: Any) -> None:  # noqa: FBT001
        for position, topic in enumerate(topics or []):
            TrackTopic.objects.create(track=self, topic=topic, position=position)


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A member, unless `role` says lead."""

    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)


class InviteFactory(factory.django.DjangoModelFactory[Invite]):
    """An open link. Tests that follow it give `token_hash` themselves."""

    class Meta:
        model = Invite

    team = factory.SubFactory(TeamFactory)
    token_hash = factory.LazyFunction(lambda: hash_of(new_token()))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class AssignmentFactory(factory.django.DjangoModelFactory[Assignment]):
    """Due in twelve weeks, unless `due_on` or `due_days` is given. Goals come with syncing."""

    class Meta:
        model = Assignment

    team = factory.SubFactory(TeamFactory)
    track = factory.SubFactory(TrackFactory)
    due_days = factory.LazyAttribute(lambda each: None if each.due_on else 84)
    due_on = None
