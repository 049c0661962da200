from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def new(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def edit(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
