from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate

EDITORS = "Editors"
"""The group of those who may edit content: an administrator puts people into it."""


class QuizappConfig(AppConfig):
    name = "quizapp"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "quizapp"

    def ready(self) -> None:
        from quizapp.web.access import note_editor  # noqa: PLC0415 - needs loaded models

        post_migrate.connect(_make_editors, sender=self)
        user_logged_in.connect(note_editor)


def _make_editors(sender: AppConfig, **_: Any) -> None:
    """After a migration. Django makes the permissions then, too, but perhaps only later."""
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - needs loaded apps

    create_permissions(sender, verbosity=0)
    group, _made = Group.objects.get_or_create(name=EDITORS)
    group.permissions.add(*Permission.objects.filter(codename="edit_content"))
