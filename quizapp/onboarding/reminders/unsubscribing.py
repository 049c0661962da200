"""One click in a mail to get no more of its kind, and one more to get it again.

The link is a signed name of the person and the kind of mail: it works without signing in, for as
long as the installation keeps its key, and whoever has it can do nothing else.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from quizapp.teams.models import Mailing, User

_FIELDS = {Mailing.Kind.REMINDER: "wants_reminders", Mailing.Kind.DIGEST: "wants_digest"}


def token_of(user: User, kind: str) -> str:
    """The same one every time."""
    return _signer().sign(f"{Mailing.Kind(kind)}-{user.pk}")


def subscriber(token: str) -> tuple[User, Mailing.Kind] | None:
    """Whose mail of which kind a link is about; None for one that is not ours, or of nobody now."""
    try:
        kind, _, pk = _signer().unsign(token).partition("-")
        user = User.objects.filter(pk=int(pk), is_active=True).first()
        return (user, Mailing.Kind(kind)) if user else None
    except (BadSignature, ValueError):
        return None


def is_wanted(user: User, kind: Mailing.Kind) -> bool:
    """Whether the person has not stopped it. It may still be that they are in no team."""
    return getattr(user, _FIELDS[kind]) is not False


def want(user: User, kind: Mailing.Kind, *, wanted: bool) -> None:
    field = _FIELDS[kind]
    setattr(user, field, wanted)
    user.save(update_fields=[field])


def _signer() -> Signer:
    return Signer(salt="quizapp.onboarding.stop", sep=".")
