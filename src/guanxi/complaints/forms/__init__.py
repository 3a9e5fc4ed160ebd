"""What is typed in about complaints and cautions."""

from guanxi.complaints.forms.cases import (
    ApproveForm,
    CauseForm,
    ContactForm,
    HandOverForm,
    InsideForm,
    IntakeForm,
    JudgeForm,
    PlanForm,
    ReasonForm,
    RecheckForm,
    ResolveForm,
    RevisitForm,
    ValidityForm,
    VisitForm,
    WordsForm,
)
from guanxi.complaints.forms.cautions import CautionForm, KeepCautionForm, ReviewCautionForm

__all__ = [
    "ApproveForm",
    "CauseForm",
    "CautionForm",
    "ContactForm",
    "HandOverForm",
    "InsideForm",
    "IntakeForm",
    "JudgeForm",
    "KeepCautionForm",
    "PlanForm",
    "ReasonForm",
    "RecheckForm",
    "ResolveForm",
    "ReviewCautionForm",
    "RevisitForm",
    "ValidityForm",
    "VisitForm",
    "WordsForm",
]
