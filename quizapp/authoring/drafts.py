from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def discard(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def shown(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
