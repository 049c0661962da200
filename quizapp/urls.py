from allauth.account import views as account_views
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from quizapp.account import bring_along, deleting, entering, export, settings_page
from quizapp.progress import history_views
from quizapp.progress import views as progress
from quizapp.study import (
    actions,
    browse,
    home,
    primer,
    quiz,
    quiz_results,
    quiz_setup,
    review,
    set_in,
)
from quizapp.teams import setup

admin.site.login = entering.guarded(admin.site.login)  # type: ignore[method-assign]

handler400 = "quizapp.study.faults.bad_request"
handler500 = "quizapp.study.faults.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.start, name="start"),
    path("keys/", home.shortcuts, name="shortcuts"),
    path("suspended/", browse.suspended, name="suspended"),
    path("review/", review.review, name="review"),
    path("review/ahead/", home.study_ahead, name="study-ahead"),
    path("review/more/", actions.more_new, name="more-new"),
    path("review/<slug:topic>/", review.review, name="review-topic"),
    path("reviews/<int:pk>/undo/", actions.undo, name="undo"),
    path("reviews/<int:pk>/too-easy/", actions.too_easy, name="too-easy"),
    path("questions/", browse.browse, name="browse"),
    path("questions/practise/", browse.practise, name="practise"),
    path("questions/suspend/", browse.suspend_chosen, name="suspend-chosen"),
    path("questions/unsuspend/", browse.unsuspend_chosen, name="unsuspend-chosen"),
    path("questions/<int:pk>/suspend/", actions.suspend, name="suspend"),
    path("questions/<int:pk>/unsuspend/", actions.unsuspend, name="unsuspend"),
    path("questions/<int:pk>/bury/", actions.bury, name="bury"),
    path("questions/<int:pk>/unbury/", actions.unbury, name="unbury"),
    path("questions/<int:pk>/flag/", actions.flag, name="flag"),
    path("flags/read/", actions.flags_read, name="flags-read"),
    path("quiz/", quiz_setup.new, name="quiz-new"),
    path("quiz/past/", quiz_setup.past, name="quiz-past"),
    path("quiz/<int:pk>/", quiz.quiz, name="quiz"),
    path("quiz/<int:pk>/end/", quiz.end, name="quiz-end"),
    path("quiz/<int:pk>/result/", quiz_results.result, name="quiz-result"),
    path("quiz/<int:pk>/again/", quiz_results.again, name="quiz-again"),
    path("quiz/<int:pk>/share/", quiz_results.share, name="quiz-share"),
    path("quiz/<int:pk>/unshare/", quiz_results.unshare, name="quiz-unshare"),
    path("quiz/<int:pk>/study/", quiz_results.study_all, name="quiz-study-all"),
    path("quiz/shared/<slug:key>/", quiz_results.shared, name="quiz-shared"),
    path("topics/<slug:slug>/pretest/", quiz_setup.before_topic, name="pretest"),
    path("primer/", primer.primer, name="primer"),
    path("primer/facts/<slug:slug>/", primer.fact, name="fact"),
    path("primer/<slug:slug>/", primer.chapter, name="chapter"),
    path("primer/<slug:slug>/reading/", primer.chapter_reading, name="chapter-reading"),
    path(
        "primer/<slug:chapter>/questions/<slug:question>/",
        set_in.chapter_question,
        name="chapter-question",
    ),
    path("progress/", progress.progress, name="progress"),
    path("progress/history/", history_views.history, name="history"),
    path("progress/history/<int:pk>/", history_views.question_history, name="question-history"),
    path("progress/<slug:topic>/", progress.progress_topic, name="progress-topic"),
    path(
        "sign-in/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="sign-in",
    ),
    path("sign-out/", account_views.logout, name="sign-out"),
    path("account/bring-along/", bring_along.bring_along, name="bring-along"),
    path(
        "account/oidc/<str:provider_id>/login/",
        entering.through_provider,
        name="openid_connect_login",
    ),
    path("account/", include("allauth.urls")),
    path("settings/", settings_page.settings, name="settings"),
    path("settings/cost/", settings_page.settings_cost, name="settings-cost"),
    path("settings/export.json", export.export_json, name="export-json"),
    path("settings/reviews.csv", export.reviews_csv, name="reviews-csv"),
    path("settings/delete/", deleting.delete_account, name="delete-account"),
    path("setup/<str:token>/", setup.setup, name="setup"),
    path("", include("quizapp.progress.team.urls")),
    path("", include("quizapp.onboarding.urls")),
    path("edit/", include("quizapp.authoring.urls")),
    path("admin/", admin.site.urls),
]
