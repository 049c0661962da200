"""What a team finds hardest, and what it is sure of and wrong about."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress.team.question_rows import lists_of
from quizapp.progress.team.report_choice import frame, nearest_first
from quizapp.progress.team.team_trouble import FEWEST_MET, RECENT_DAYS
from quizapp.scheduling.cards import day_of
from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required
from quizapp.web.pages import page

EVERYTHING = "all"
"""In the address, for questions of whatever track."""


@never_cache
@lead_required
@require_safe
def questions(request: LearnerRequest, team: Team) -> HttpResponse:
    """Of the track that is due next, unless another one or all questions are asked for."""
    now = timezone.now()
    today = day_of(request.user).date_of(now)
    tracks = {each.track.slug: each.track for each in nearest_first(team, today)}
    wanted = request.GET.get("track", "")
    slug = "" if wanted == EVERYTHING else wanted if wanted in tracks else next(iter(tracks), "")
    track = tracks.get(slug)
    context = frame(request, team) | {
        "options": [(each.slug, each.title) for each in tracks.values()]
        + [(EVERYTHING, "All questions")],
        "track": track,
        "chosen": slug or EVERYTHING,
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
        "fewest_met": FEWEST_MET,
        "recent_days": RECENT_DAYS,
        **lists_of(team, track, request.user, opened=request.GET.get("open", ""), now=now),
    }
    return page(request, "teams/questions.html", "teams/_questions.html", context)
