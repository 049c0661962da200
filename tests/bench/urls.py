from django.urls import path

from quizapp import urls
from tests.bench import yardstick

handler400 = urls.handler400
handler500 = urls.handler500

urlpatterns = [
    *urls.urlpatterns,
    path("yardstick/<int:pk>/", yardstick.with_user),
    path("bare-yardstick/<int:pk>/", yardstick.without_user),
]
