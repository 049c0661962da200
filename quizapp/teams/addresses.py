"""E-mail addresses. That of an account is proven by a link, or vouched for by an administrator.

Somebody who has signed up stays a guest until then, and the address a mere claim: an
`EmailAddress` that is not verified. Claims take nothing from anybody; the first to prove one wins.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from quizapp.teams.models import User

LONGEST_EMAIL = 254
"""In letters, as both tables of addresses have it. Forms by themselves take longer ones."""


def account_with(email: str) -> User | None:
    """Whose proven or vouched address this is."""
    address = EmailAddress.objects.filter(email=email.lower(), verified=True).first()
    if address is not None:
        owner: User = address.user
        return owner
    return User.objects.filter(email__iexact=email).first()


def proven_addresses(user: User) -> set[str]:
    """Those of the person, in lower case; none of somebody who is a guest yet."""
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {email.lower() for email in [user.email, *proven] if email}


def claim(user: User, email: str) -> None:
    """Note which address a guest wants to be reached by, in the place of any other claim.

    The same claim made again stays as it is, and with it the link that is on its way there.
    """
    email = email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    EmailAddress.objects.get_or_create(user=user, email=email)


def drop_claims(email: str, *, but: User | None = None) -> None:
    """The address is proven to be somebody's: nobody else needs to confirm it any more."""
    claims = EmailAddress.objects.filter(email=email.lower(), verified=False)
    claims.exclude(user=but).delete()


def vouch(user: User) -> None:
    """Take the address of an account as confirmed, because an administrator has given it."""
    email = (user.email or "").lower()
    with transaction.atomic():
        drop_claims(email, but=user)
        EmailAddress.objects.filter(user=user).exclude(email=email).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )


def vouch_if_needed(user: User) -> None:
    """For accounts that were made outside of the sign-up, such as by a command."""
    if user.email and not EmailAddress.objects.filter(user=user, verified=True).exists():
        vouch(user)


def vouch_for_all() -> None:
    """For the accounts from before there was a sign-up."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    for user in User.objects.exclude(email=None).exclude(pk__in=confirmed):
        vouch(user)
