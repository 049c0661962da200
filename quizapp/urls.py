from django.contrib import admin
from django.urls import path

from quizapp.study import actions, home, review
from quizapp.teams import setup, signing_in

handler500 = "quizapp.study.faults.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.start, name="start"),
    path("keys/", home.shortcuts, name="shortcuts"),
    path("suspended/", home.suspended, name="suspended"),
    path("review/", review.review, name="review"),
    path("review/more/", actions.more_new, name="more-new"),
    path("review/<slug:topic>/", review.review, name="review-topic"),
    path("reviews/<int:pk>/undo/", actions.undo, name="undo"),
    path("reviews/<int:pk>/too-easy/", actions.too_easy, name="too-easy"),
    path("questions/<int:pk>/suspend/", actions.suspend, name="suspend"),
    path("questions/<int:pk>/unsuspend/", actions.unsuspend, name="unsuspend"),
    path("questions/<int:pk>/bury/", actions.bury, name="bury"),
    path("questions/<int:pk>/unbury/", actions.unbury, name="unbury"),
    path("questions/<int:pk>/flag/", actions.flag, name="flag"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("setup/<str:token>/", setup.setup, name="setup"),
    path("admin/", admin.site.urls),
]
