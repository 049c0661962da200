"""Before a quiz: the form that makes one, the pretest of a topic, and the quizzes of the past."""

from __future__ import annotations

import math

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quizapp.content.models import Topic
from quizapp.scheduling.overview import seconds_per_question
from quizapp.study import pretest, quiz_making, quizzes
from quizapp.study.models import Quiz
from quizapp.study.quiz_forms import QuizForm, choices
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page
from quizapp.web.words import count

LATEST = 10
PER_PAGE = 25
NOTHING = "There is nothing to ask here now: everything is suspended. Choose something else."


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest) -> HttpResponse:
    bank = choices()
    if request.method == "POST":
        form = QuizForm(bank, request.POST)
        if form.is_valid():
            made = _made(request, form)
            if made:
                return redirect("quiz", pk=made.pk)
            form.add_error("what", NOTHING)
    else:
        form = QuizForm(bank, wanted=request.GET.get("topic", ""))
    finished = list(quizzes.finished(request.user)[: LATEST + 1])
    context = {
        "form": form,
        "now": timezone.now(),
        "has_content": bool(bank.topics),
        "unfinished": quizzes.under_way(request.user),
        "finished": finished[:LATEST],
        "has_more": len(finished) > LATEST,
    }
    status = 422 if form.errors else 200
    return page(request, "study/quiz_new.html", "study/_quiz_new.html", context, status=status)


@never_cache
@learner_required
@require_safe
def past(request: LearnerRequest) -> HttpResponse:
    pages = Paginator(quizzes.finished(request.user), PER_PAGE)
    context = {"shown": pages.get_page(request.GET.get("page"))}
    return page(request, "study/quiz_past.html", "study/_quiz_past.html", context)


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def before_topic(request: LearnerRequest, slug: str) -> HttpResponse:
    """What a pretest of the topic would be, and the button that makes it."""
    user, now = request.user, timezone.now()
    topic = get_object_or_404(Topic.objects.active(), slug=slug)
    begun = pretest.under_way(user, topic)
    if begun and request.method == "POST":
        return redirect("quiz", pk=begun.pk)
    question_ids = pretest.questions_of(user, topic)
    if request.method == "POST" and question_ids:
        made = quiz_making.make_once(
            user,
            title=f"Pretest: {topic.title}",
            question_ids=question_ids,
            now=now,
            feedback=Quiz.Feedback.AT_END,
            pretest_of=topic,
        )
        return redirect("quiz", pk=made.pk)
    context = {
        "topic": topic,
        "begun": begun,
        "number": len(question_ids),
        "minutes": math.ceil(len(question_ids) * seconds_per_question(user) / 60),
    }
    return page(request, "study/quiz_pretest.html", "study/_quiz_pretest.html", context)


def _made(request: LearnerRequest, form: QuizForm) -> Quiz | None:
    """The quiz that the form asks for; None if there is nothing to ask."""
    user, now, wanted = request.user, timezone.now(), form.cleaned_data
    question_ids = quiz_making.draw(
        user, form.topic_ids, wanted["number"], extensions=form.extensions
    )
    if not question_ids:
        return None
    if len(question_ids) < wanted["number"]:
        there = count(len(question_ids), "question")
        messages.info(request, f"There are no more than {there} here, so the quiz has that many.")
    return quiz_making.make_once(
        user,
        title=form.title,
        question_ids=question_ids,
        now=now,
        is_drawn=True,
        feedback=wanted["feedback"],
        minutes=wanted["minutes"],
    )
