"""Who is in the demo, and how each of them studies. Pure."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "demo.example"
LEAD_NAME = "Dora Lindqvist"
LEAD_EMAIL = f"dora@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody studies.

    `weekdays` and `weekends` are the chances, from 0 to 1, of studying on such a day, for about
    `minutes`; in the weeks of `idle`, counted back from now, nothing is done. `knack` is the
    chance of getting a new question right. `fading` is how fast memory fades beside what the
    model expects: 1 as expected, 2 as if twice as much were lost.
    """

    weekdays: float
    weekends: float
    minutes: float
    knack: float
    fading: float
    idle: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team, who joined so many weeks ago and studies at this hour."""

    name: str
    timezone: str
    joined: int
    hour: int
    habits: Habits
    away: tuple[int, int] | None = None  # days from now, first and last

    @property
    def email(self) -> str:
        first = self.name.partition(" ")[0].lower()
        return f"{first}@{DOMAIN}"


PEOPLE = (
    Person("Amara Okafor", "Africa/Lagos", 12, 8, Habits(0.95, 0.5, 11, 0.72, 0.8)),
    Person("Ben Tanaka", "Asia/Tokyo", 12, 7, Habits(0.85, 0.1, 10, 0.6, 1.0)),
    Person("Chiara Rossi", "Europe/Rome", 12, 13, Habits(0.8, 0.2, 9, 0.66, 1.1, idle=(1, 2, 3))),
    Person("Daniel Novák", "Europe/Prague", 8, 9, Habits(0.9, 0.3, 14, 0.55, 1.0)),
    Person("Elif Yılmaz", "Europe/Istanbul", 8, 10, Habits(0.75, 0.1, 8, 0.7, 0.9)),
    Person("Farid Haddad", "Europe/Paris", 8, 18, Habits(0.4, 0.15, 6, 0.5, 1.3)),
    Person(
        "Grace Mensah",
        "Europe/London",
        5,
        8,
        Habits(0.9, 0.4, 13, 0.68, 0.9, idle=(0,)),
        away=(-4, 4),
    ),
    Person("Henrik Sørensen-Villadsen", "Europe/Copenhagen", 1, 11, Habits(0.8, 0, 9, 0.6, 1.0)),
)
