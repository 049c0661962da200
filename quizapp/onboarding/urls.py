"""Teams and reminders. The reports on a team are in `progress.team`."""

from django.urls import path

from quizapp.onboarding import assignments, invites, members, reminders, teams
from quizapp.onboarding.invites import joining

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:team>/settings/", teams.settings, name="team-settings"),
    path("teams/<int:team>/archive/", teams.archive, name="team-archive"),
    path("teams/<int:team>/restore/", teams.restore, name="team-restore"),
    path("teams/<int:team>/leave/", members.leave, name="team-leave"),
    path("teams/<int:team>/members/", members.members, name="team-members"),
    path("teams/<int:team>/members/<int:user>/role/", members.set_role, name="member-role"),
    path("teams/<int:team>/members/<int:user>/remove/", members.remove, name="member-remove"),
    path(
        "teams/<int:team>/members/<int:user>/bring-back/",
        members.bring_back,
        name="member-bring-back",
    ),
    path("teams/<int:team>/members/<int:user>/away/", members.away, name="member-away"),
    path(
        "teams/<int:team>/members/<int:user>/away/<int:pk>/end/", members.back, name="member-back"
    ),
    path("teams/<int:team>/invites/", invites.invites, name="team-invites"),
    path("teams/<int:team>/invites/send/", invites.send, name="invites-send"),
    path("teams/<int:team>/invites/<int:pk>/revoke/", invites.revoke, name="invite-revoke"),
    path("teams/<int:team>/assignments/", assignments.assignments, name="assignments"),
    path("teams/<int:team>/assignments/new/", assignments.new, name="assignment-new"),
    path("teams/<int:team>/assignments/<int:pk>/", assignments.change, name="assignment"),
    path("teams/<int:team>/assignments/<int:pk>/end/", assignments.end, name="assignment-end"),
    path(
        "teams/<int:team>/assignments/<int:pk>/resume/",
        assignments.resume,
        name="assignment-resume",
    ),
    path("teams/<int:team>/digest/", reminders.digest, name="digest"),
    path("join/<str:token>/", joining.join, name="join"),
    path("settings/reminders/", reminders.reminders, name="reminders"),
    path("settings/reminders/preview/", reminders.preview, name="reminder-preview"),
    path("reminders/stop/<str:token>/", reminders.stop, name="reminders-stop"),
]
