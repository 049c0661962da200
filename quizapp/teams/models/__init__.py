"""People, their teams, and what teams are asked to learn."""

from quizapp.teams.models.assignment import Assignment
from quizapp.teams.models.invite import Invite
from quizapp.teams.models.mailing import Mailing
from quizapp.teams.models.setup_link import SetupLink
from quizapp.teams.models.team import Absence, Membership, Team
from quizapp.teams.models.user import User, UserManager, administrator_exists, validate_timezone

__all__ = [
    "Absence",
    "Assignment",
    "Invite",
    "Mailing",
    "Membership",
    "SetupLink",
    "Team",
    "User",
    "UserManager",
    "administrator_exists",
    "validate_timezone",
]
