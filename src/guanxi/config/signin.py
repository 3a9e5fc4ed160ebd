"""How allauth fits the house: nobody signs up alone, and the company's own sign-in may know people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from guanxi.access.models import Membership, User
from guanxi.config.demo import people


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return str(super().clean_username(username.strip().lower(), shallow))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's identity provider signs in people who are known here; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-in to the person of the same user name, when the provider vouches for it."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(claims.get("preferred_username") or "").lower()
        user = User.objects.filter(username=name, is_active=True, kind=User.Kind.PERSON).first() if name else None
        if user:
            sociallogin.connect(request, user)


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """Offer the sign-ins of the demonstration on the sign-in page, while they exist and are wanted."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    names = [member.username for member in people.CAST]
    rows = Membership.objects.filter(user__username__in=names, user__is_active=True).select_related("user", "role")
    found = [
        {"username": row.user.username, "password": people.PASSWORD, "name": row.user.name, "role": row.role.name}
        for row in rows.order_by("role__position", "pk")
    ]
    return {"demo_logins": found}
