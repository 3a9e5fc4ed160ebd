"""Refusals that a person can read: each becomes a page, a form message or a problem+json document."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (a field name, or row and column) and what, in the reader's language."""

    message: Text
    field: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""


class DomainError(Exception):
    """The base of every refusal; nothing was changed when it is raised."""

    status = 400
    code = "refused"
    title: Text = _("This was refused")

    def __init__(self, message: Text = "", *, field: str = "") -> None:
        self.message = message or self.title
        self.field = field
        super().__init__(str(message))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (Problem(self.message, self.field),)


class NotAllowed(DomainError):
    """The actor lacks the verb here."""

    status = 403
    code = "not-allowed"
    title = _("You may not do this here")

    def __init__(self, verb: str = "") -> None:
        self.verb = verb
        super().__init__(_("Your roles do not include this action at this place."))


class NotFound(DomainError):
    """It does not exist, or not for this actor: the two look the same on purpose."""

    status = 404
    code = "not-found"
    title = _("Not found")

    def __init__(self, message: Text = "") -> None:
        super().__init__(message or _("It does not exist, or it lies outside what you may see."))


class Conflict(DomainError):
    """Another change came first, or the state no longer allows this."""

    status = 409
    code = "conflict"
    title = _("This conflicts with the present state")


class Invalid(DomainError):
    """One or more values cannot be accepted; each problem names its place."""

    status = 422
    code = "invalid"
    title = _("Some values cannot be accepted")

    def __init__(self, message: Text = "", *, field: str = "", problems: Iterable[Problem] = ()) -> None:
        super().__init__(message, field=field)
        self._problems = tuple(problems) or (Problem(self.message, field),)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems


class TooMany(DomainError):
    """A rate limit was reached."""

    status = 429
    code = "too-many-requests"
    title = _("Too many requests")


def words_of(text: str, field: str = "words", message: Text = "", *, most: int = 2000) -> str:
    """Return what somebody said, without the spaces around it.

    :raises Invalid: nothing, at ``field``.
    """
    said = text.strip()[:most]
    if not said:
        raise Invalid(message or _("Say it in words."), field=field)
    return said
