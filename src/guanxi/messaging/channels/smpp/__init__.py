"""Text messages through a message centre that speaks SMPP 3.4: long ones in parts, reports on each, answers back."""

import re
import uuid

from django.conf import settings

from guanxi.messaging.channels.outgoing import Answer, Heard, Keep, Outgoing, Piece, Refused, Report, Taken, Unavailable
from guanxi.messaging.channels.smpp import coding, pdu
from guanxi.messaging.channels.smpp.pdu import Delivery, Party, Tag
from guanxi.messaging.channels.smpp.session import Centre, Session, connect
from guanxi.privacy.states import Medium

NAME = "smpp"
INTERNATIONAL, ISDN = 1, 1
FIELD = re.compile(r"\b(id|stat|err):\s*(\S*)", re.IGNORECASE)
STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
FAILED = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})


class _Line:
    """A bind, as the sender needs it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._name = f"{NAME}-{uuid.uuid4()}"  # an answer has no number of its own in SMPP

    def send(self, outgoing: Outgoing) -> Taken:
        """Hand over all parts, one after the other.

        :raises Refused: the centre does not take it.
        :raises Unavailable: not now.
        :raises ConnectionError: some parts went, and one did not.
        """
        code, parts = coding.octets(outgoing.body, outgoing.message_id)
        source, to = Party(settings.SMPP_SENDER), _party(outgoing.address)
        numbers: list[str] = []
        for part in parts:
            body = pdu.submit(source, to, code, part, has_header=len(parts) > 1)
            try:
                numbers.append(self._session.submit(body))
            except (Refused, Unavailable) as error:
                if not numbers:
                    raise
                raise ConnectionError(f"{len(numbers)}/{len(parts)}; {error}") from error
        return Taken(numbers[0], tuple(numbers))

    def hear(self, keep: Keep, wait: float) -> int:
        """Give answers and reports to ``keep``."""
        return self._session.hear(lambda found, sequence: keep(self._heard(found, sequence)), wait)

    def _heard(self, found: Delivery, sequence: int) -> Heard:
        if found.is_report:
            return report(found)
        part, who, number = _segment(found), found.source or "?", f"{self._name}-{sequence}"
        if part.total == 1:
            return Answer(Medium.SMS, who, coding.text([(found.coding, part.octets)]), number)
        numbers = (part.series, part.number, part.total)
        return Piece(Medium.SMS, who, *numbers, found.coding, part.octets, number)

    def close(self) -> None:
        """Unbind."""
        self._session.close()


def dial() -> _Line:
    """Bind to the centre of the settings.

    :raises Unavailable: it is not to be had.
    """
    centre = Centre(
        settings.SMPP_HOST, settings.SMPP_PORT, settings.SMPP_USER, settings.SMPP_PASSWORD, settings.SMPP_TLS
    )  # fmt: skip
    return _Line(connect(centre))


def _party(number: str) -> Party:
    if settings.SMPP_PREFIX and not number.startswith("+"):
        return Party(settings.SMPP_PREFIX + number, INTERNATIONAL, ISDN)
    return Party(number.lstrip("+"), INTERNATIONAL if number.startswith("+") else 0, ISDN)


def _segment(found: Delivery) -> coding.Segment:
    return coding.segment(found.text, found.options, has_header=found.has_header)


def report(found: Delivery) -> Report | None:
    """Read a report (SMPP 3.4, appendix B, and the optional parameters, which win); None while it is under way."""
    fields = {name.lower(): value for name, value in FIELD.findall(coding.text([(coding.GSM, found.text)]))}
    number = pdu.first_text(found.options.get(Tag.RECEIPTED_ID, b"")) or fields.get("id", "")
    state = STATES.get(int.from_bytes(found.options.get(Tag.MESSAGE_STATE, b""), "big"), fields.get("stat", "").upper())
    code = found.options.get(Tag.NETWORK_ERROR, b"")[1:]
    error = f"{int.from_bytes(code, 'big'):03d}" if code else fields.get("err", "")
    if not number or state not in FAILED | {"DELIVRD"}:
        return None
    if state == "DELIVRD":
        return Report(NAME, number, is_delivered=True)
    words = f"{state} {error}".strip()
    return Report(NAME, number, is_delivered=False, words=words, is_dead=error in settings.SMPP_DEAD)
