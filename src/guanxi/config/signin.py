"""How allauth fits the house: nobody signs up alone, and the company's own sign-in may know people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


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
        from guanxi.access.models import User

        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(claims.get("preferred_username") or "").lower()
        user = User.objects.filter(username=name, is_active=True, kind=User.Kind.PERSON).first() if name else None
        if user:
            sociallogin.connect(request, user)
