"""A Monday morning, on which the tests of teams take place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scheduling.studying import MORNING


@pytest.fixture
def morning(time_machine: Any) -> None:
    """It is a Monday morning, and stays so."""
    time_machine.move_to(MORNING, tick=False)
