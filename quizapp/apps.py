from django.apps import AppConfig


class QuizappConfig(AppConfig):
    name = "quizapp"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "quizapp"
