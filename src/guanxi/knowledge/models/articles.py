"""Topics with their experts, articles with their versions, what they were good for, questions with their answers."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.foundation.models import Bilingual
from guanxi.knowledge import policy
from guanxi.knowledge.states import OPEN, UNPUBLISHED, VOTES, Stage, State, Worth
from guanxi.network.models import Node


class Topic(Bilingual):
    """What knowledge is about: who answers questions of it, within how many working days, how long an article holds."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    expert = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Expert"))
    answer_days = models.SmallIntegerField(_("Answered within (working days)"))
    check_months = models.SmallIntegerField(_("Checked again after (months)"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 60), check_months__range=(1, 60)), name="knowledge_topic_terms"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Article(models.Model):
    """A piece of knowledge that a place keeps for itself and all below it; what it says stands in its versions."""

    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Kept by"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("Topic"))
    code = models.CharField(_("Code"), max_length=40, blank=True)
    made_at = models.DateTimeField(_("Begun"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="knowledge_article_code_once")
        ]
        indexes = [models.Index(fields=["node"], name="knowledge_article_at")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZS{self.pk:06d}"


class Version(models.Model):
    """One version of an article, in both languages; once published it stays as it was.

    ``words`` are those by which it is found, ``heads`` those of its title and keywords. ``valid_until``: the first day
    on which it does not hold any more; ``check_on``: when somebody should look whether it is still right.
    """

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="versions")
    number = models.SmallIntegerField(_("Version"))
    stage = models.CharField(_("State"), max_length=9, choices=Stage.choices, default=Stage.DRAFT)
    title_zh = models.CharField(_("Chinese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=200)
    question_zh = models.TextField(_("Question in Chinese"), max_length=1000, blank=True)
    question_en = models.TextField(_("Question in English"), max_length=1000, blank=True)
    answer_zh = models.TextField(_("Answer in Chinese"), max_length=10000)
    answer_en = models.TextField(_("Answer in English"), max_length=10000)
    keywords = ArrayField(models.CharField(max_length=40), verbose_name=_("Keywords"), default=list, blank=True)
    models_of = ArrayField(models.CharField(max_length=40), verbose_name=_("Models"), default=list, blank=True)
    faults = ArrayField(models.CharField(max_length=40), verbose_name=_("Fault codes"), default=list, blank=True)
    heads = ArrayField(models.TextField(), default=list)
    words = ArrayField(models.TextField(), default=list)
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    check_on = models.DateField(_("To be checked on"), null=True, blank=True)
    author_id = models.BigIntegerField(_("Author"), null=True)
    author = models.CharField(_("Author"), max_length=160)
    written_at = models.DateTimeField(_("Written at"))
    reviewer_id = models.BigIntegerField(_("Reviewed by"), null=True)
    reviewer = models.CharField(_("Reviewed by"), max_length=160, blank=True)
    reviewed_at = models.DateTimeField(_("Reviewed at"), null=True)
    note = models.CharField(_("Word of the reviewer"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(stage__in=UNPUBLISHED), name="knowledge_version_one_unpublished"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(stage="PUBLISHED"), name="knowledge_version_one_published"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="knowledge_version_stage"),
            models.CheckConstraint(
                condition=~Q(title_zh="") & ~Q(title_en="") & ~Q(answer_zh="") & ~Q(answer_en=""),
                name="knowledge_version_said_in_both",
            ),
            models.CheckConstraint(
                condition=~Q(stage="PUBLISHED") | Q(reviewed_at__isnull=False, check_on__isnull=False),
                name="knowledge_version_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(author_id__isnull=True) | Q(reviewer_id__isnull=True) | ~Q(author_id=F("reviewer_id")),
                name="knowledge_version_two_people",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="knowledge_version_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"

    @property
    def title(self) -> str:
        return self._said("title")

    @property
    def question(self) -> str:
        return self._said("question")

    @property
    def answer(self) -> str:
        return self._said("answer")

    def _said(self, what: str) -> str:
        side = "en" if (get_language() or "").startswith("en") else "zh"
        return str(getattr(self, f"{what}_{side}"))

    def is_in_force(self, day: datetime.date) -> bool:
        return self.stage == Stage.PUBLISHED and policy.is_in_force(self.valid_from, self.valid_until, day)


class Use(models.Model):
    """What an article was good for: a reader's word on it, or that it solved a matter (KM-08)."""

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="uses")
    version = models.SmallIntegerField(_("Version"))
    worth = models.CharField(_("Word of readers"), max_length=9, choices=Worth.choices)
    person_id = models.BigIntegerField(_("Reader"), null=True)
    subject_type = models.CharField(_("About"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("About"), null=True)
    at = models.DateTimeField(_("When"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(worth__in=Worth.values), name="knowledge_use_worth"),
            models.CheckConstraint(
                condition=Q(worth="SOLVED", subject_id__isnull=False) | Q(worth__in=VOTES, subject_id__isnull=True),
                name="knowledge_use_solves_something",
            ),
            models.UniqueConstraint(
                fields=["article", "person_id"], condition=Q(worth__in=VOTES), name="knowledge_use_one_vote"
            ),
            models.UniqueConstraint(
                fields=["article", "subject_type", "subject_id"], condition=Q(worth="SOLVED"),
                name="knowledge_use_solved_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.worth} {self.article_id}"


class Question(models.Model):
    """A question without an answer in any article, put before the expert of its topic (KM-04)."""

    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Asked at"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("Topic"))
    words = models.TextField(_("Question"), max_length=2000)
    models_of = ArrayField(models.CharField(max_length=40), verbose_name=_("Models"), default=list, blank=True)
    faults = ArrayField(models.CharField(max_length=40), verbose_name=_("Fault codes"), default=list, blank=True)
    token = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_by_id = models.BigIntegerField(_("Asked by"), null=True)
    asked_by = models.CharField(_("Asked by"), max_length=160)
    asked_at = models.DateTimeField(_("Asked"))
    due_at = models.DateTimeField(_("Answer due"))
    rounds = models.SmallIntegerField(_("Times answered"), default=0)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("Article")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by_id", "token"], nulls_distinct=False, name="knowledge_question_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="knowledge_question_state"),
            models.CheckConstraint(condition=~Q(words=""), name="knowledge_question_said"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="knowledge_question_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ANSWERED", "SOLVED"]) | Q(rounds__gt=0), name="knowledge_question_answered"
            ),
        ]
        indexes = [
            models.Index(fields=["node", "-asked_at"], name="knowledge_question_at"),
            models.Index(fields=["-asked_at"], name="knowledge_question_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"WT{self.pk:06d}"

    def is_late(self, at: datetime.datetime) -> bool:
        return policy.is_late(self.state, self.due_at, at)

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this question."""
        return f"knowledge:{self.pk}:{work}"


class Answer(models.Model):
    """One answer to a question; never changed afterwards. ``helped``: what the asker says of it."""

    question = models.ForeignKey(Question, models.CASCADE, db_index=False, related_name="answers")
    number = models.SmallIntegerField(_("Which answer"))
    words = models.TextField(_("Answer"), max_length=10000)
    answered_by = models.CharField(_("Answered by"), max_length=160)
    answered_at = models.DateTimeField(_("Answered"))
    helped = models.BooleanField(_("Helped"), null=True)
    verdict = models.CharField(_("What is still open"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="knowledge_answer_once"),
            models.CheckConstraint(condition=~Q(words=""), name="knowledge_answer_said"),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} to {self.question_id}"
