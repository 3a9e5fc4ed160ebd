"""The page on which whoever waits sees where help is, without signing in: behind a signed address (section 6)."""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from guanxi.foundation import clock, pages
from guanxi.foundation.errors import NotFound
from guanxi.rescue.queries import following
from guanxi.rescue.queries.following import Followed
from guanxi.rescue.states import State

KEPT = datetime.timedelta(days=2)
STEPS = (State.TAKEN, State.SENT, State.ACCEPTED, State.ARRIVED, State.DONE)


@dataclass(frozen=True)
class FollowPage:
    """How a rescue stands: the steps with those that are behind, who comes, and when."""

    row: Followed
    state: State
    steps: list[tuple[State, bool]]
    minutes: int | None


def follow(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Where help is, in the language of the browser: whoever waits has chosen none here.

    :raises NotFound: nobody signed this, or it ended two days ago.
    """
    row, at = following.followed(following.key_of(secret)), clock.now()
    if row is None or (row.ended_at is not None and row.ended_at + KEPT < at):
        raise NotFound
    state = State(row.state)
    reached = STEPS.index(state) if state in STEPS else len(STEPS)
    left = None if row.eta_at is None else round((row.eta_at - at).total_seconds() / 60)
    page = FollowPage(row, state, [(step, place <= reached) for place, step in enumerate(STEPS)], left)
    with translation.override(translation.get_language_from_request(request)):
        answer = pages.render(request, "rescue/follow.html", page)
        answer.headers["Content-Language"] = "en" if translation.get_language() == "en" else "zh-Hans"
    return answer
