from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def look(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def apply(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def undo(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
