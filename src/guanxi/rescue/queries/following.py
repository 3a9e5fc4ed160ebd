"""What somebody who follows his rescue may know of it: a function of the database says no more than that."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.db import connection

from guanxi.foundation.errors import NotFound

SALT = "rescue.follow"


def secret_of(pk: int) -> str:
    """Return the signed word by which a rescue is followed."""
    return signing.Signer(salt=SALT, sep=".").sign(str(pk))


def key_of(secret: str) -> int:
    """Return the rescue that a signed word is about.

    :raises NotFound: nobody signed this.
    """
    try:
        return int(signing.Signer(salt=SALT, sep=".").unsign(secret))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error


@dataclass(frozen=True)
class Followed:
    """How a rescue stands, for whoever waits."""

    state: str
    provider_zh: str | None
    provider_en: str | None
    phone: str | None
    crew: str | None
    crew_phone: str | None
    truck: str | None
    eta_at: datetime.datetime | None
    ended_at: datetime.datetime | None


def followed(pk: int) -> Followed | None:
    """Return how a rescue stands, outside of every scope; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rescue_followed(%s)", [pk])
        found = cursor.fetchone()
    return None if found is None else Followed(*found)
