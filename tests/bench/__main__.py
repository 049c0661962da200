"""How fast quizapp is: `python -m tests.bench [--full] [--only NAME]`."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
django.setup()

from tests.bench.report import main  # noqa: E402 - after the settings

main()
