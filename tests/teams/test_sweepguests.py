from __future__ import annotations

from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.deletion import Collector
from django.test import Client
from django.utils import timezone

from quizapp.scheduling import sweeping
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, answer

pytestmark = pytest.mark.django_db


def sweep(*arguments: str) -> str:
    out = StringIO()
    call_command("sweepguests", *arguments, stdout=out)
    return out.getvalue()


def guest(*, joined: int, answered: int | None = None) -> User:
    """A guest who joined, and then answered a question, so many days ago."""
    made = User.objects.create_guest()
    made.date_joined = timezone.now() - joined * DAY
    made.save()
    if answered is not None:
        answer(made, QuestionFactory(), now=timezone.now() - answered * DAY)
    return made


def test_guests_without_a_recent_answer_go_with_their_progress_and_the_others_stay() -> None:
    guest(joined=100)
    guest(joined=200, answered=91)
    fresh, returning = guest(joined=80), guest(joined=200, answered=89)
    alice = UserFactory(date_joined=timezone.now() - 400 * DAY)
    assert sweep() == "Deleted 2 guests idle for over 90 days, and all ended sessions.\n"
    assert set(User.objects.all()) == {fresh, returning, alice}
    assert {review.user for review in Review.objects.all()} == {returning}
    assert {card.user for card in Card.objects.all()} == {returning}


def test_a_second_run_finds_nothing() -> None:
    guest(joined=100)
    assert "Deleted 1 guest idle" in sweep()
    assert "Deleted 0 guests idle" in sweep()


def test_the_number_of_days_can_be_chosen() -> None:
    guest(joined=8)
    assert "0 guests" in sweep("--days", "9")
    assert "1 guest idle for over 7 days" in sweep("--days=7")


@pytest.mark.parametrize("days", ["0", "-1", "1000000"])
def test_a_number_of_days_that_makes_no_sense_is_refused(days: str) -> None:
    kept = guest(joined=100)
    with pytest.raises(CommandError, match="--days has to be a number from 1 to 36500"):
        sweep(f"--days={days}")
    assert User.objects.get() == kept


def test_ended_sessions_go_and_the_others_stay(client: Client) -> None:
    client.force_login(UserFactory())
    ended = Client()
    ended.force_login(UserFactory())
    key = ended.session.session_key
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(hours=1))
    sweep()
    assert Session.objects.get().pk == client.session.session_key


@pytest.mark.django_db(transaction=True)
def test_nobody_can_sign_up_while_being_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    late, signed_up = guest(joined=100), []

    def sign_up() -> None:
        try:
            signed_up.append(User.objects.filter(pk=late.pk).update(is_guest=False))
        finally:
            connection.close()

    thread = Thread(target=sign_up)
    collect = Collector.collect

    def collect_slowly(self: Collector, *arguments: Any, **options: Any) -> None:
        collect(self, *arguments, **options)
        if thread.ident is None:
            thread.start()
            thread.join(0.2)

    monkeypatch.setattr(Collector, "collect", collect_slowly)
    sweep()
    thread.join()
    assert signed_up == [User.objects.count()]


def test_many_guests_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for _ in range(5):
        guest(joined=100)
    assert "Deleted 5 guests" in sweep()
    assert not User.objects.exists()
