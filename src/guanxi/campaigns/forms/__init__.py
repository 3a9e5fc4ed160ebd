"""What is typed in about campaigns, recalls and supports."""

from guanxi.campaigns.forms.campaigns import (
    AnswerForm,
    CampaignForm,
    CarsForm,
    Choices,
    DoneForm,
    ReasonForm,
    RecallForm,
    RedeemForm,
    RefusedForm,
    begins,
    initial,
)
from guanxi.campaigns.forms.repeats import RepeatForm
from guanxi.campaigns.forms.supports import AskSupportForm, DeclineSupportForm, GiveSupportForm, JudgeSupportForm

__all__ = [
    "AnswerForm",
    "AskSupportForm",
    "CampaignForm",
    "CarsForm",
    "Choices",
    "DeclineSupportForm",
    "DoneForm",
    "GiveSupportForm",
    "JudgeSupportForm",
    "ReasonForm",
    "RecallForm",
    "RedeemForm",
    "RefusedForm",
    "RepeatForm",
    "begins",
    "initial",
]
