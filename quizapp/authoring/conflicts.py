from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def conflicts(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def settle(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
