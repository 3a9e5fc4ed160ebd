"""The rule of headquarters that people have to read: who has confirmed it by today."""

import datetime

from guanxi.config.demo.stories.stage import Stage, read
from guanxi.foundation import clock
from guanxi.knowledge.models import Article, Confirmation, Reading
from guanxi.knowledge.queries import readings
from guanxi.knowledge.services import confirming
from guanxi.knowledge.services.confirming import Readers


def tell(stage: Stage) -> int:
    """Have the rule of the file confirmed; return how many have. Elsewhere every so many people of the list have."""
    story = read("readings")
    held = Article.objects.filter(code=story["article"]).first()
    if held is None or Reading.objects.filter(article=held).exists():
        return 0
    today = clock.day_of(stage.at)
    readers = Readers(tuple(story["roles"]), today - datetime.timedelta(days=story["over"]))
    asked_at = stage.moment(story["days"], story["time"])
    made = confirming.ask_readers(
        actor=stage.actor(story["publisher"]), article_id=held.pk, readers=readers, at=asked_at
    )
    for step in story["confirmed"]:
        _confirm(stage, step["who"], held.pk, made.since, stage.moment(step["days"], step["time"]))
    others = readings.people(made, today, None).exclude(node__ancestry__ancestor=stage.home).order_by("pk")
    chosen = [pk for number, pk in enumerate(others.values_list("user_id", flat=True)) if number % story["every"]]
    version, later = held.versions.get(number=made.since), asked_at + datetime.timedelta(days=1)
    Confirmation.objects.bulk_create(Confirmation(version=version, person_id=pk, at=later) for pk in set(chosen))
    return len(chosen) + len(story["confirmed"])


def _confirm(stage: Stage, username: str, article_id: int, version: int, at: datetime.datetime) -> None:
    confirming.confirm_read(actor=stage.actor(username), article_id=article_id, version=version, at=at)
