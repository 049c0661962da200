from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.content.models import Question, Topic, Track
from quizapp.onboarding.assignments import assigning
from quizapp.onboarding.assignments.assigning import Terms
from quizapp.onboarding.members.acting import ARCHIVED, RefusedError
from quizapp.scheduling.goals import projecting
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Goal
from quizapp.teams.models import Absence, Assignment, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from tests.scheduling.studying import DAY, MORNING
from tests.study.browsing import text_of

TODAY = MORNING.date()
IN_EIGHT_WEEKS = TODAY + timedelta(days=56)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def storage() -> Track:
    """A track of four questions."""
    topic = TopicFactory()
    QuestionFactory.create_batch(4, topic=topic)
    track: Track = TrackFactory(
        slug="storage", title="Storage", summary="Volumes and claims.", topics=[topic]
    )
    return track


@pytest.fixture
def bob(platform: Team) -> Membership:
    membership: Membership = MembershipFactory(
        team=platform, user=UserFactory(name="Bob"), joined_at=MORNING - 10 * DAY
    )
    return membership


def make_long(track: Track) -> None:
    """So many questions that nobody learns them within days."""
    topic = Topic.objects.get(tracks=track)
    first = Question.objects.filter(topic=topic).first()
    assert first
    Question.objects.bulk_create(
        Question(slug=f"more-{n}", topic=topic, kind=first.kind, stem="?", spec=first.spec)
        for n in range(400)
    )


def listed(team: Team) -> str:
    return reverse("assignments", args=[team.pk])


def new(team: Team) -> str:
    return reverse("assignment-new", args=[team.pk])


def url(name: str, assignment: Assignment) -> str:
    return reverse(name, args=[assignment.team_id, assignment.pk])


def fields(**given: Any) -> dict[str, Any]:
    return {
        "track": "storage",
        "whom": "",
        "due": "on",
        "due_on": IN_EIGHT_WEEKS.isoformat(),
        "due_days": "",
        "target": "85",
        "minutes": "10",
        **given,
    }


def assigned(team: Team, track: Track, **given: Any) -> Assignment:
    assignment: Assignment = AssignmentFactory(
        team=team, track=track, created_at=MORNING - DAY, **given
    )
    sync(team)
    return assignment


# The list


def test_a_team_without_assignments_is_shown_the_way_to_one(
    as_dora: Client, platform: Team
) -> None:
    page = text_of(as_dora.get(listed(platform)))
    assert "Nothing is assigned yet: choose a track and a date" in page
    assert f'href="{new(platform)}"' in page


def test_the_list_says_what_is_asked_of_whom_and_how_they_stand(
    as_dora: Client, platform: Team, storage: Track, bob: Membership, monkeypatch: Any
) -> None:
    monkeypatch.setattr("quizapp.scheduling.goals.counting.refresh", lambda *_: 0)
    MembershipFactory(team=platform)
    everybody = assigned(platform, storage, due_on=date(2026, 3, 12))
    assigned(platform, storage, membership=bob, due_days=21, target=0.7, minutes_per_day=1)
    Goal.objects.filter(assignment=everybody, membership=bob).update(status="at-risk")
    Goal.objects.filter(assignment=everybody).exclude(membership=bob).update(status="ready")
    page = text_of(as_dora.get(listed(platform)))
    assert 'Storage <span class="assignment-whom">for everybody</span>' in page
    assert "85% by 12 March, in 10 minutes a day" in page
    assert 'Storage <span class="assignment-whom">for Bob</span>' in page
    assert "70% within 3 weeks of joining, in 1 minute a day" in page
    assert ">1 ready</a>" in page
    assert ">1 at risk</a>" in page
    assert ">1 not counted yet</a>" in page
    assert "overdue" not in page


def test_an_assignment_of_a_team_without_members_leads_to_invites(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    assigned(platform, storage)
    page = text_of(as_dora.get(listed(platform)))
    assert "It concerns nobody now." in page
    assert reverse("team-invites", args=[platform.pk]) in page


def test_the_list_takes_the_same_queries_however_much_is_assigned(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    assigned(platform, storage)
    as_dora.get(listed(platform))
    with CaptureQueriesContext(connection) as few:
        as_dora.get(listed(platform))
    for _ in range(6):
        member = MembershipFactory(team=platform)
        assigned(platform, TrackFactory(topics=list(storage.topics.all())), membership=member)
    as_dora.get(listed(platform))
    with CaptureQueriesContext(connection) as many:
        as_dora.get(listed(platform))
    assert len(many) == len(few)


def test_the_soonest_date_is_at_the_top(as_dora: Client, platform: Team, storage: Track) -> None:
    topics = list(storage.topics.all())
    assigned(platform, TrackFactory(title="By days", topics=topics), due_days=3)
    assigned(platform, TrackFactory(title="Later", topics=topics), due_on=date(2026, 6, 1))
    assigned(platform, TrackFactory(title="Soon", topics=topics), due_on=date(2026, 5, 1))
    rows = as_dora.get(listed(platform)).context["running"]
    assert [row.title for row in rows] == ["Soon", "Later", "By days"]


# Assigning


def test_a_lead_assigns_a_track_to_everybody_by_a_date(
    as_dora: Client, dora: User, platform: Team, storage: Track, bob: Membership
) -> None:
    form = text_of(as_dora.get(new(platform)))
    assert "Volumes and claims. 4 questions." in form
    page = text_of(as_dora.post(new(platform), fields(), follow=True))
    assert "Saved. Storage for everybody: 85% by 27 April, in 10 minutes a day." in page
    made = Assignment.objects.get()
    assert (made.team, made.track, made.membership) == (platform, storage, None)
    assert (made.due_on, made.due_days) == (IN_EIGHT_WEEKS, None)
    assert (made.target, made.minutes_per_day, made.created_by) == (0.85, 10, dora)
    goal = Goal.objects.get()
    assert (goal.user, goal.due_on) == (bob.user, IN_EIGHT_WEEKS)
    assert User.objects.get(pk=bob.user_id).has_goals


def test_a_lead_assigns_a_track_to_one_by_days_after_joining(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    MembershipFactory(team=platform)
    given = fields(whom=str(bob.pk), due="after", due_on="", due_days="84", target="60")
    as_dora.post(new(platform), given)
    made = Assignment.objects.get()
    assert (made.membership, made.due_on, made.due_days) == (bob, None, 84)
    goal = Goal.objects.get()
    assert goal.membership == bob
    assert goal.due_on == TODAY + timedelta(days=84)  # from now on: Bob was there before


def test_a_lead_takes_part_where_named(
    as_dora: Client, dora: User, platform: Team, storage: Track
) -> None:
    own = Membership.objects.get(user=dora)
    assert "Dora, lead" in text_of(as_dora.get(new(platform)))
    as_dora.post(new(platform), fields(whom=str(own.pk)))
    assert Goal.objects.get().user == dora


def test_people_of_the_same_name_are_told_apart(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    for email in ("bob@example.com", "bobby@example.com"):
        MembershipFactory(team=platform, user=UserFactory(name="Bob", email=email))
    page = text_of(as_dora.get(new(platform)))
    assert "Bob (bob@example.com)" in page
    assert "Bob (bobby@example.com)" in page


def test_the_number_of_questions_is_that_of_the_track(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    Question.objects.filter(pk=storage.topics.get().questions.first().pk).update(retired_at=MORNING)
    TrackFactory(title="Empty", topics=[TopicFactory()])
    page = text_of(as_dora.get(new(platform)))
    assert "3 questions." in page
    assert "Empty" not in page


def test_without_tracks_there_is_nothing_to_assign(as_dora: Client, platform: Team) -> None:
    assert "There is no track with questions yet." in text_of(as_dora.get(new(platform)))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"track": ""}, "Choose the track to learn."),
        ({"track": "nonsense"}, "That track is not there any more. Choose again."),
        ({"whom": "nobody"}, "That person is not in the team. Choose again."),
        ({"due": ""}, "Choose a date, or a number of days after joining."),
        ({"due_on": ""}, "Give the date."),
        ({"due_on": "soon"}, "Give the date as year-month-day"),
        ({"due_on": "03/04/2026"}, "Give the date as year-month-day"),  # of March, or of April?
        ({"due_on": "2026-03-02"}, "That day has come already. Give one from tomorrow on."),
        ({"due_on": "2028-03-03"}, "That is more than two years away."),
        ({"due_on": "9999-12-31"}, "That is more than two years away."),
        ({"due": "after"}, "Give the number of days."),
        ({"due": "after", "due_days": "0"}, "Give from 1 to 730 days."),
        ({"due": "after", "due_days": "731"}, "Give from 1 to 730 days."),
        ({"due": "after", "due_days": "9" * 400}, "Give from 1 to 730 days."),
        ({"target": "49"}, "Give a target from 50 to 95 percent."),
        ({"target": "96"}, "Give a target from 50 to 95 percent."),
        ({"minutes": "0"}, "Give from 1 to 240 minutes a day."),
        ({"minutes": "many"}, "Give from 1 to 240 minutes a day."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_changes_nothing(
    as_dora: Client, platform: Team, storage: Track, wrong: dict[str, str], sentence: str
) -> None:
    response = as_dora.post(new(platform), fields(**wrong))
    assert response.status_code == 422
    assert "Nothing is saved yet" in text_of(response)
    assert sentence in text_of(response)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("due_on", ["2026-03-03", "2028-03-01"])
def test_tomorrow_and_two_years_from_now_will_do(
    as_dora: Client, platform: Team, storage: Track, due_on: str
) -> None:
    assert as_dora.post(new(platform), fields(due_on=due_on)).status_code == 302


def test_tomorrow_is_that_of_the_lead(
    as_dora: Client, dora: User, platform: Team, storage: Track, time_machine: Any
) -> None:
    time_machine.move_to(MORNING.replace(hour=20), tick=False)
    dora.timezone = "Asia/Tokyo"  # where it is five in the morning of the third
    dora.save()
    assert as_dora.post(new(platform), fields(due_on="2026-03-03")).status_code == 422
    assert as_dora.post(new(platform), fields(due_on="2026-03-04")).status_code == 302


def test_what_the_other_way_was_left_at_does_not_matter(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    as_dora.post(new(platform), fields(due_days="nonsense"))
    as_dora.post(new(platform), fields(due="after", due_days="30", due_on="nonsense", whom=""))
    assert Assignment.objects.count() == 1  # the second is the same track to the same people


def test_a_form_that_is_refused_is_kept_as_typed(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    page = text_of(as_dora.post(new(platform), fields(whom=str(bob.pk), target="49", minutes="17")))
    assert f'<option value="{bob.pk}" selected>Bob</option>' in page
    assert 'value="17"' in page
    assert 'value="49"' in page


def test_the_same_track_is_not_assigned_twice_to_the_same_people(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    first = assigned(platform, storage)
    response = as_dora.post(new(platform), fields())
    assert response.status_code == 422
    assert "Storage is assigned to everybody already." in text_of(response)
    assert f'href="{url("assignment", first)}">Change that one</a>' in text_of(response)
    as_dora.post(new(platform), fields(whom=str(bob.pk)))
    as_dora.post(url("assignment-end", first))
    as_dora.post(new(platform), fields())
    assert Assignment.objects.filter(ended_at=None).count() == 2


# Whether it can be done


def test_the_form_says_what_it_takes_who_starts_from_nothing(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    page = text_of(as_dora.post(new(platform), fields(action="check")))
    assert "4 questions in 8 weeks: needs about 1 minute a day." in page
    assert "It concerns nobody yet." in page
    assert not Assignment.objects.exists()


def test_working_it_out_shows_what_is_wrong_without_saving(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    response = as_dora.post(new(platform), fields(action="check", due_on="2026-03-01"))
    assert response.status_code == 200
    assert "That day has come already." in text_of(response)


def test_htmx_gets_what_it_asks_for_alone(as_dora: Client, platform: Team, storage: Track) -> None:
    headers = {"HX-Request": "true", "HX-Target": "assignment-check"}
    page = text_of(as_dora.post(new(platform), fields(action="check"), headers=headers))
    assert page.startswith("<h3>Can it be done?</h3>")
    assert "4 questions in 8 weeks" in page
    assert "<form" not in page


def test_the_worst_three_are_named_where_it_cannot_be_done(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    make_long(storage)
    for name in ("Carla", "Dirk", "Erna"):
        MembershipFactory(team=platform, user=UserFactory(name=name))
    given = fields(due_on="2026-03-30", minutes="2")
    page = as_dora.post(new(platform), {**given, "action": "check"})
    found = page.context["found"]
    assert (found.concerned, found.failing, len(found.worst)) == (4, 4, 3)
    assert "4 of 4 members are not expected to make it." in text_of(page)
    assert "And 1 more." in text_of(page)
    assert "the limit is 2" in text_of(page)
    assert "You can assign it all the same" in text_of(page)
    saved = text_of(as_dora.post(new(platform), given, follow=True))
    assert "Saved, though it cannot be done as it stands." in saved
    assert "4 of 4 members are not expected to make it." in saved


def test_for_one_member_their_own_advice_is_given(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    make_long(storage)
    given = fields(whom=str(bob.pk), due_on="2026-03-30", minutes="2", action="check")
    page = as_dora.post(new(platform), given)
    assert page.context["found"].newcomer is None
    assert "Bob: Needs " in text_of(page)


def test_what_is_too_much_for_who_joins_may_be_right_for_who_is_here(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    for question in storage.topics.get().questions.all():
        Card.objects.create(
            user=bob.user,
            question=question,
            state=State.REVIEW,
            stability=300,
            difficulty=5,
            due=MORNING + 100 * DAY,
            last_review=MORNING,
            reps=9,
        )
    given = fields(due_on="2026-03-03", minutes="1")
    page = text_of(as_dora.post(new(platform), given, follow=True))
    assert (
        "Saved. Storage for everybody: 85% by 3 March, in 1 minute a day. "
        "The one member it is for can make it. Who starts from nothing could not."
    ) in page


def test_who_is_a_day_ahead_of_the_lead_is_told_that_it_is_due_today(
    as_dora: Client, dora: User, platform: Team, storage: Track, bob: Membership
) -> None:
    dora.timezone = "Pacific/Pago_Pago"  # where it is still Sunday
    dora.save()
    given = fields(whom=str(bob.pk), due_on=TODAY.isoformat(), action="check")
    assert "Bob: Due today." in text_of(as_dora.post(new(platform), given))


def test_days_on_leave_do_not_count_for_studying(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    given = fields(due_on="2026-03-12", action="check")
    assert as_dora.post(new(platform), given).context["found"].failing == 0
    Absence.objects.create(membership=bob, first_day=TODAY, last_day=date(2026, 3, 31))
    assert as_dora.post(new(platform), given).context["found"].failing == 1


def test_what_is_expected_of_a_member_is_by_the_target(
    as_dora: Client,
    platform: Team,
    storage: Track,
    bob: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The queue refreshes no more than it takes, and so does what is expected."""
    targets = []

    def projected(*args: Any, **given: Any) -> Any:
        targets.append(given["target"])
        return projecting.project(*args, **given)

    monkeypatch.setattr("quizapp.onboarding.assignments.check.project", projected)
    as_dora.post(new(platform), fields(target="70", action="check"))
    assert targets == [0.7]


def test_working_it_out_takes_the_same_queries_however_many_it_concerns(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    given = fields(action="check")
    with CaptureQueriesContext(connection) as few:
        as_dora.post(new(platform), given)
    for _ in range(8):
        member = MembershipFactory(team=platform)
        Absence.objects.create(membership=member, first_day=TODAY, last_day=TODAY)
    with CaptureQueriesContext(connection) as many:
        as_dora.post(new(platform), given)
    assert len(many) == len(few)


# Changing


def test_changing_keeps_the_goals_and_counts_them_anew(
    as_dora: Client, platform: Team, storage: Track, bob: Membership, monkeypatch: Any
) -> None:
    monkeypatch.setattr("quizapp.scheduling.goals.counting.refresh", lambda *_: 0)
    assignment = assigned(platform, storage, due_on=IN_EIGHT_WEEKS)
    Goal.objects.update(counted_at=MORNING, readiness=0.5)
    before = Goal.objects.get()
    page = text_of(as_dora.get(url("assignment", assignment)))
    assert "Change: Storage" in page
    assert 'value="2026-04-27"' in page
    assert "Can it be done?" in page
    assert "4 questions in 8 weeks" in page
    as_dora.post(url("assignment", assignment), fields(due_on="2026-05-04", target="90"))
    after = Goal.objects.get()
    assert (after.pk, after.readiness) == (before.pk, 0.5)
    assert (after.due_on, after.counted_at) == (date(2026, 5, 4), None)
    assignment.refresh_from_db()
    assert assignment.target == 0.9


def test_a_change_can_be_to_other_people_but_never_to_another_track(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    other = TrackFactory(slug="other", topics=list(storage.topics.all()))
    assignment = assigned(platform, storage)
    given = fields(track=other.slug, whom=str(bob.pk))
    assert as_dora.post(url("assignment", assignment), given).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.track, assignment.membership) == (storage, bob)


def test_a_change_into_what_is_assigned_already_is_refused(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    everybody = assigned(platform, storage)
    own = assigned(platform, storage, membership=bob)
    response = as_dora.post(url("assignment", own), fields(whom=""))
    assert response.status_code == 422
    assert f'href="{url("assignment", everybody)}"' in text_of(response)
    own.refresh_from_db()
    assert own.membership == bob


def test_one_that_is_overdue_gets_another_date_before_anything_else(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    assignment = assigned(platform, storage, due_on=TODAY - timedelta(days=3))
    page = text_of(as_dora.get(url("assignment", assignment)))
    assert "That day has come already. Give one from tomorrow on." in page
    as_dora.post(url("assignment", assignment), fields())
    assert Goal.objects.get().due_on == IN_EIGHT_WEEKS


def test_what_another_lead_has_ended_meanwhile_is_not_taken_up_again_by_a_change(
    dora: User, platform: Team, storage: Track
) -> None:
    assignment = assigned(platform, storage, due_on=IN_EIGHT_WEEKS)
    Assignment.objects.update(ended_at=MORNING)
    terms = Terms(storage, None, TODAY + DAY, None, target=0.6, minutes=5)
    with pytest.raises(RefusedError, match="Resume it before you change it"):
        assigning.change(assignment, terms, by=dora, now=MORNING)
    there = Assignment.objects.get()
    assert (there.ended_at, there.due_on) == (MORNING, IN_EIGHT_WEEKS)


def test_what_is_for_somebody_who_has_left_stays_theirs(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    assignment = assigned(platform, storage, membership=bob, due_on=IN_EIGHT_WEEKS)
    Membership.objects.filter(pk=bob.pk).update(left_at=MORNING)
    page = text_of(as_dora.get(url("assignment", assignment)))
    assert f'<option value="{bob.pk}" selected>Bob, who has left the team</option>' in page
    assert "It concerns nobody now." in page
    as_dora.post(url("assignment", assignment), fields(whom=str(bob.pk), target="90"))
    assignment.refresh_from_db()
    assert (assignment.membership, assignment.target) == (bob, 0.9)


def test_one_whose_track_has_lost_its_questions_can_be_changed(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    assignment = assigned(platform, storage, due_on=IN_EIGHT_WEEKS)
    Question.objects.update(retired_at=MORNING)
    page = text_of(as_dora.post(url("assignment", assignment), fields(target="90"), follow=True))
    assert "90% by 27 April" in page


def test_what_has_ended_is_resumed_before_it_is_changed(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    assignment = assigned(platform, storage, ended_at=MORNING)
    page = text_of(as_dora.get(url("assignment", assignment), follow=True))
    assert "Resume it before you change it." in page


# Ending and resuming


def test_ending_is_one_click_with_undo(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    assignment = assigned(platform, storage)
    page = text_of(as_dora.post(url("assignment-end", assignment), follow=True))
    assert "Ended: Storage for everybody. Nobody&#x27;s progress is lost." in page
    assert f'action="{url("assignment-resume", assignment)}"' in page
    assert "<summary>1 ended</summary>" in page
    assert not Goal.objects.exists()
    assert not User.objects.get(pk=bob.user_id).has_goals
    page = text_of(as_dora.post(url("assignment-resume", assignment), follow=True))
    assert "Storage for everybody runs again." in page
    assert Goal.objects.get().user == bob.user


def test_the_day_on_which_it_ended_is_the_lead_s(
    as_dora: Client, dora: User, platform: Team, storage: Track
) -> None:
    dora.timezone = "Asia/Tokyo"
    dora.save()
    assigned(platform, storage, ended_at=datetime(2026, 3, 1, 20, tzinfo=UTC))  # five there
    assert "ended on 2 March" in text_of(as_dora.get(listed(platform)))


def test_ending_twice_is_harmless(as_dora: Client, platform: Team, storage: Track) -> None:
    assignment = assigned(platform, storage)
    as_dora.post(url("assignment-end", assignment))
    ended_at = Assignment.objects.get().ended_at
    page = text_of(as_dora.post(url("assignment-end", assignment), follow=True))
    assert "Storage for everybody had ended." in page
    assert Assignment.objects.get().ended_at == ended_at


def test_what_was_assigned_anew_is_not_resumed_beside_it(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    old = assigned(platform, storage, ended_at=MORNING)
    assigned(platform, storage)
    page = text_of(as_dora.post(url("assignment-resume", old), follow=True))
    assert "Storage is assigned to the same people already." in page
    assert Assignment.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("name", ["assignment-end", "assignment-resume"])
def test_ending_and_resuming_are_never_by_a_link(
    as_dora: Client, platform: Team, storage: Track, name: str
) -> None:
    assert as_dora.get(url(name, assigned(platform, storage))).status_code == 405


# Who may


def test_in_an_archived_team_nothing_is_changed(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    running = assigned(platform, storage)
    ended = assigned(platform, TrackFactory(topics=list(storage.topics.all())), ended_at=MORNING)
    platform.archived_at = MORNING
    platform.save()
    before = list(Assignment.objects.order_by("pk").values())
    page = text_of(as_dora.get(listed(platform)))
    assert "Storage" in page
    assert new(platform) not in page
    assert url("assignment-end", running) not in page
    assert as_dora.get(new(platform)).status_code == 302
    for path in (
        new(platform),
        url("assignment", running),
        url("assignment-end", running),
        url("assignment-resume", ended),
    ):
        page = text_of(as_dora.post(path, fields(target="60"), follow=True))
        assert ARCHIVED in page
    assert list(Assignment.objects.order_by("pk").values()) == before


def test_others_find_nothing(
    as_alice: Client, as_charlie: Client, alice: User, platform: Team, storage: Track
) -> None:
    MembershipFactory(team=platform, user=alice)
    assignment = assigned(platform, storage)
    for client in (as_alice, as_charlie):
        assert client.get(listed(platform)).status_code == 404
        assert client.post(new(platform), fields()).status_code == 404
        assert client.get(url("assignment", assignment)).status_code == 404
        assert client.post(url("assignment-end", assignment)).status_code == 404
        assert client.post(url("assignment-resume", assignment)).status_code == 404
    assert Assignment.objects.get().ended_at is None


def test_an_assignment_of_another_team_is_not_there(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    foreign = assigned(TeamFactory(), storage)
    for name in ("assignment", "assignment-end", "assignment-resume"):
        path = reverse(name, args=[platform.pk, foreign.pk])
        assert as_dora.post(path, fields()).status_code == 404
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_nobody_of_another_team_or_who_has_left_can_be_named(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    stranger = MembershipFactory()
    bob.left_at = MORNING
    bob.save()
    for membership in (stranger, bob):
        response = as_dora.post(new(platform), fields(whom=str(membership.pk)))
        assert response.status_code == 422
        assert "That person is not in the team." in text_of(response)
    assert not Assignment.objects.exists()


def test_names_are_shown_as_they_are(
    as_dora: Client, platform: Team, storage: Track, bob: Membership
) -> None:
    bob.user.name = storage.title = "<b>Bob</b>"
    bob.user.save()
    storage.save()
    assignment = assigned(platform, storage, membership=bob)
    for path in (listed(platform), new(platform), url("assignment", assignment)):
        assert "<b>Bob" not in text_of(as_dora.get(path))
    assert "<b>Bob" not in text_of(as_dora.post(new(platform), fields(whom=str(bob.pk))))
