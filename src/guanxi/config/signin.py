"""How allauth fits the house: nobody signs up alone, and the company's own sign-in may know people."""

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.access.models import Membership, User
from guanxi.config.demo import people

log = logging.getLogger(__name__)
PROVIDER_LEAVE = "provider_leave"  # where the session's provider is told of a sign-out


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return str(super().clean_username(username.strip().lower(), shallow))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """After a sign-out go on to the provider that the session came in by, so that it ends there too."""
        here = str(super().get_logout_redirect_url(request))
        leave = str(request.session.get(PROVIDER_LEAVE, ""))
        if not leave:
            return here
        client = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["client_id"]
        values = {"client_id": client, "post_logout_redirect_uri": request.build_absolute_uri(here)}
        return f"{leave}{'&' if '?' in leave else '?'}{urlencode(values)}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's identity provider signs in people who are known here; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-in to the person of the same user name, and remember the provider's way out.

        A name is taken once: whoever comes later with the same one, as another subject, is refused.
        """
        if not sociallogin.is_existing:
            claims = sociallogin.account.extra_data
            claims = claims.get("userinfo") or claims.get("id_token") or claims
            name = str(claims.get("preferred_username") or "").lower()
            user = _unconnected(name, sociallogin.account.provider)
            if user is None:
                raise ImmediateHttpResponse(_refuse(request, name))
            sociallogin.connect(request, user)
        config = sociallogin.provider.get_oauth2_adapter(request).openid_config
        request.session[PROVIDER_LEAVE] = str(config.get("end_session_endpoint", ""))


def _unconnected(name: str, provider: str) -> User | None:
    """Return the person of a user name who has never come in by this provider."""
    user = User.objects.filter(username=name, is_active=True, kind=User.Kind.PERSON).first() if name else None
    taken = user is not None and SocialAccount.objects.filter(user=user, provider=provider).exists()
    return None if taken else user


def _refuse(request: HttpRequest, name: str) -> HttpResponseRedirect:
    text = _("Your company account “%(name)s” belongs to nobody here. Ask your administrator for an invitation.")
    messages.error(request, text % {"name": name or "–"})
    return HttpResponseRedirect(reverse("account_login"))


def provider_away(request: HttpRequest, error: Exception) -> HttpResponseRedirect | None:
    """Answer a company sign-in whose provider does not answer: back to the sign-in page, in words."""
    if not (isinstance(error, OSError) and request.path.startswith("/accounts/oidc/")):
        return None
    log.warning("the company sign-in does not answer: %s", error)
    messages.error(request, _("The company sign-in does not answer. Try again later, or use your password."))
    return HttpResponseRedirect(reverse("account_login"))


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
