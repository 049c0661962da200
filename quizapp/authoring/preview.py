from django.http import Http404, HttpResponse

from quizapp.web.access import LearnerRequest, editor_required


@editor_required
def preview(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404


@editor_required
def try_it(request: LearnerRequest, **_: object) -> HttpResponse:
    raise Http404
