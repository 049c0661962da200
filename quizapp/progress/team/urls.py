"""The reports on a team, for its leads, and on each member, for the member too."""

from django.urls import path

from quizapp.progress.team import member, members, questions, topics, trust, weeks

urlpatterns = [
    path("teams/trust/", trust.trust, name="trust"),
    path("teams/<int:team>/", members.team, name="team"),
    path("teams/<int:team>/members.csv", members.as_csv, name="team-csv"),
    path("teams/<int:team>/members.json", members.as_json, name="team-json"),
    path("teams/<int:team>/members/<int:user>/", member.member, name="member"),
    path("teams/<int:team>/topics/", topics.topics, name="team-topics"),
    path("teams/<int:team>/questions/", questions.questions, name="team-questions"),
    path("teams/<int:team>/weeks/", weeks.weeks, name="team-weeks"),
]
