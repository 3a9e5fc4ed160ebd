"""By which way somebody is followed up, how a call or a visit ends, what it counts as, the kinds of questions of a
script; what an enquiry is and how it stands.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Means(TextChoices):
    """By which way a customer was followed up (FUP-02); what is written stands with the messages."""

    PHONE = "PHONE", _("By telephone")
    VISIT = "VISIT", _("Face visit")


class MetAt(TextChoices):
    """Where a visit took place."""

    HOME = "HOME", _("At the customer's home")
    WORK = "WORK", _("Where the customer works")
    OUTLET = "OUTLET", _("At our outlet")
    ELSEWHERE = "ELSEWHERE", _("Elsewhere")


class Outcome(TextChoices):
    """How a call or a visit ended, as the agent says it (FUP-30); the codes are those of attempts in the worklist."""

    REACHED = "REACHED", _("Reached")
    NO_ANSWER = "NO_ANSWER", _("No answer")
    BUSY = "BUSY", _("Busy")
    SWITCHED_OFF = "SWITCHED_OFF", _("Switched off")
    CALL_LATER = "CALL_LATER", _("Asked to call later")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
    NOT_THE_OWNER = "NOT_THE_OWNER", _("Not the owner")
    REFUSED = "REFUSED", _("Refused to talk")
    NOT_AT_HOME = "NOT_AT_HOME", _("Not at home")
    WRONG_ADDRESS = "WRONG_ADDRESS", _("Does not live there")


VISITED = (
    Outcome.REACHED, Outcome.NOT_AT_HOME, Outcome.CALL_LATER, Outcome.WRONG_ADDRESS, Outcome.NOT_THE_OWNER,
    Outcome.REFUSED,
)  # fmt: skip
CALLED = tuple(code for code in Outcome if code not in {Outcome.NOT_AT_HOME, Outcome.WRONG_ADDRESS})
OUTCOMES = {Means.PHONE: CALLED, Means.VISIT: VISITED}
ON_A_VISIT = {
    Outcome.REACHED: _("Met"), Outcome.CALL_LATER: _("Asked to come another time"),
    Outcome.REFUSED: _("Refused the visit"),
}  # fmt: skip


class Disposition(TextChoices):
    """What a call counts as, by the standard definitions of AAPOR: interviews are 1, refusals and people who were
    not reached 2, those who cannot be asked 4.
    """

    COMPLETE = "1.1", _("Interview complete")
    PARTIAL = "1.2", _("Partial")
    REFUSAL = "2.11", _("Refusal")
    BREAK_OFF = "2.12", _("Broken off")
    NON_CONTACT = "2.2", _("Not reached")
    UNAVAILABLE = "2.21", _("Reached, has no time")
    BAD_NUMBER = "4.3", _("Number not the customer's")
    NOT_ELIGIBLE = "4.7", _("Not to be asked")


class QuestionKind(TextChoices):
    YES_NO = "YES_NO", _("Yes or no")
    CHOICE = "CHOICE", _("Choice")
    SCALE = "SCALE", _("From 1 to 10")
    TEXT = "TEXT", _("In words")
    NOTICE = "NOTICE", _("To be said")


class Angle(TextChoices):
    """Whose matter a category of enquiries is (CC-04)."""

    SALES = "SALES", _("Sales")
    SERVICE = "SERVICE", _("Service")
    PRODUCT = "PRODUCT", _("Product")


class Judged(TextChoices):
    """Whose work an answer judges (FUP-24, FUP-25): 销售顾问, 服务顾问."""

    CONSULTANT = "CONSULTANT", _("Sales consultant")
    ADVISOR = "ADVISOR", _("Service advisor")


class Intention(TextChoices):
    """How a customer wants to buy (SUP-09): 增购, 换购, 交叉购买, 推荐."""

    ADDITIONAL = "ADDITIONAL", _("One more car")
    REPLACEMENT = "REPLACEMENT", _("Instead of the present car")
    CROSS = "CROSS", _("Another product of ours")
    RECOMMENDATION = "RECOMMENDATION", _("Recommends a buyer")


class EnquiryKind(TextChoices):
    QUESTION = "QUESTION", _("Question")
    SUGGESTION = "SUGGESTION", _("Suggestion")
    FEEDBACK = "FEEDBACK", _("Feedback")


class Aim(TextChoices):
    """What a suggestion asks for (FUP-05, FUP-08, FUP-10): 改善, 活动, 促销, 宣传, CS培训."""

    IMPROVEMENT = "IMPROVEMENT", _("Improvement of the work")
    ACTIVITY = "ACTIVITY", _("Activity with customers")
    PROMOTION = "PROMOTION", _("Promotion measure")
    PUBLICITY = "PUBLICITY", _("Publicity")
    TRAINING = "TRAINING", _("CS training")


class Way(TextChoices):
    """How an enquiry came in; it is answered the same way (CC-05)."""

    PHONE = "PHONE", _("By telephone")
    WECHAT = "WECHAT", _("WeChat")
    EMAIL = "EMAIL", _("E-mail")
    WEB = "WEB", _("Web form or forum")
    VISIT = "VISIT", _("In person")


class EnquiryState(TextChoices):
    WITH_DEPARTMENT = "WITH_DEPARTMENT", _("With the department")
    TO_REPLY = "TO_REPLY", _("Answered, customer to be told")
    CLOSED = "CLOSED", _("Customer was told")


OPEN = (EnquiryState.WITH_DEPARTMENT, EnquiryState.TO_REPLY)
TONES: dict[str, str] = {
    EnquiryState.WITH_DEPARTMENT: "amber", EnquiryState.TO_REPLY: "blue", EnquiryState.CLOSED: "green",
}  # fmt: skip


class Ending(TextChoices):
    """How a task about an enquiry ends; none ends by hand."""

    ANSWERED = "ANSWERED", _("Answered")
    PASSED_ON = "PASSED_ON", _("Passed on to another department")
    TOLD = "TOLD", _("The customer was told")
