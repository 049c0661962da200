from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def bring_in(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def apply(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def take_out(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
