"""The form that makes a quiz: about what, how many questions, feedback, time limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Prefetch, Q
from django.forms.boundfield import BoundWidget

from quizapp.content.models import Question, Topic, Track
from quizapp.content.models.question import covered
from quizapp.study.models import Quiz
from quizapp.study.quiz_making import FEWEST, MOST

ALL, TOPICS, TRACK = "all", "topics", "track-"
LONGEST_MINUTES = 180


@dataclass(frozen=True, slots=True)
class Choice:
    """What a quiz can be about. `number` is how many questions there are.

    `extensions` says which of the topics' questions are meant, as `covered` takes it.
    """

    slug: str
    title: str
    topic_ids: tuple[int, ...]
    number: int
    extensions: bool | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    topics: Sequence[Choice]
    tracks: Sequence[Choice]


def choices() -> Choices:
    """The topics that have questions, and the tracks that have such topics. Three queries."""
    is_asked = Q(questions__retired_at=None)
    beyond = Question.objects.filter(covered(extensions=True)).values("pk")
    listed: Any = (
        Topic.objects.active()
        .annotate(
            number=Count("questions", filter=is_asked),
            beyond=Count("questions", filter=is_asked & Q(questions__in=beyond)),
        )
        .filter(number__gt=0)
    )
    topics = {
        topic.pk: Choice(topic.slug, topic.title, (topic.pk,), topic.number) for topic in listed
    }
    numbers = {
        None: {topic.pk: topic.number for topic in listed},
        False: {topic.pk: topic.number - topic.beyond for topic in listed},
        True: {topic.pk: topic.beyond for topic in listed},
    }
    tracks = []
    for track in Track.objects.active().prefetch_related(
        Prefetch("topics", Topic.objects.only("pk"))
    ):
        own = [topic.pk for topic in track.topics.all() if topic.pk in topics]
        number = sum(numbers[track.covers_extensions][pk] for pk in own)
        if number:
            about = track.covers_extensions, track.summary
            tracks.append(Choice(track.slug, track.title, tuple(own), number, *about))
    return Choices(list(topics.values()), tracks)


class QuizForm(forms.Form):
    what = forms.ChoiceField(
        label="What about?",
        widget=forms.RadioSelect,
        initial=ALL,
        error_messages={
            "required": "Choose what the quiz is about.",
            "invalid_choice": "That is not there any more. Choose again.",
        },
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "One of the topics is not there any more. Choose again."},
    )
    number = forms.IntegerField(
        label="How many questions?",
        help_text=f"{FEWEST} to {MOST}",
        initial=10,
        min_value=FEWEST,
        max_value=MOST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Choose a number from {FEWEST} to {MOST}.",
        ),
    )
    feedback = forms.ChoiceField(
        label="When do you see what was right?",
        widget=forms.RadioSelect,
        choices=Quiz.Feedback.choices,
        initial=Quiz.Feedback.AT_ONCE,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose when you want to see what was right."
        ),
    )
    minutes = forms.IntegerField(
        label="Time limit in minutes",
        help_text=f"1 to {LONGEST_MINUTES}. Empty for none.",
        required=False,
        min_value=1,
        max_value=LONGEST_MINUTES,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"Choose 1 to {LONGEST_MINUTES} minutes, or leave it empty for no limit.",
        ),
    )

    def __init__(
        self, choices: Choices, data: Mapping[str, Any] | None = None, *, wanted: str = ""
    ) -> None:
        """`wanted` is the slug of a topic to begin with, if there is such a topic."""
        super().__init__(data, label_suffix="")
        self.of_topic = {topic.slug: topic for topic in choices.topics}
        self.of_track = {TRACK + track.slug: track for track in choices.tracks}
        what: Any = self.fields["what"]
        boxes: Any = self.fields["topics"]
        what.choices = [
            (ALL, "All topics"),
            *((value, track.title) for value, track in self.of_track.items()),
            (TOPICS, "Topics that I choose"),
        ]
        boxes.choices = [(topic.slug, topic.title) for topic in choices.topics]
        if wanted in self.of_topic:
            self.initial = {"what": TOPICS, "topics": [wanted]}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") == TOPICS and "topics" in given and not given["topics"]:
            self.add_error("topics", "Choose at least one topic.")
        return given

    def subjects(self) -> Iterator[tuple[BoundWidget, Choice | None]]:
        """What a quiz can be about as a whole, each with the track that it is, if it is one."""
        for widget in self["what"]:
            yield widget, self.of_track.get(widget.data["value"])

    @property
    def chosen(self) -> list[Choice]:
        what = self.cleaned_data["what"]
        if what == TOPICS:
            return [self.of_topic[slug] for slug in self.cleaned_data["topics"]]
        return list(self.of_topic.values()) if what == ALL else [self.of_track[what]]

    @property
    def topic_ids(self) -> set[int]:
        return {pk for choice in self.chosen for pk in choice.topic_ids}

    @property
    def extensions(self) -> bool | None:
        """Whether questions on extensions are meant, as `covered` takes it."""
        return self.chosen[0].extensions if self.chosen else None

    @property
    def title(self) -> str:
        titles = [choice.title for choice in self.chosen]
        if len(titles) == 1:
            return titles[0]
        if self.cleaned_data["what"] == ALL:
            return "All topics"
        return " and ".join(titles) if len(titles) == 2 else f"{len(titles)} topics"
