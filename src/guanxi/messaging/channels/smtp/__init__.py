"""E-mail through a mail server (RFC 5321), by Django's own machinery."""

import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from guanxi.messaging.channels.outgoing import Outgoing, Refused, Taken, Unavailable

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
PERMANENT = 500


def send(outgoing: Outgoing) -> Taken:
    """Hand a mail to the server; the number is its Message-ID, made from ours, the same each time.

    :raises Refused: the server refuses sender, recipient or text for good.
    :raises Unavailable: the server is not to be had, or refuses for now.
    """
    domain = settings.EMAIL_FROM.rpartition("@")[2].rstrip(">")
    reference = f"<message-{outgoing.message_id}@{domain}>"
    subject = " ".join(outgoing.subject.split())
    mail = EmailMessage(
        subject, outgoing.body, settings.EMAIL_FROM, [outgoing.address], headers={"Message-ID": reference}
    )  # fmt: skip
    server = get_connection(BACKEND)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(str(error)) from error
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # what was said of the message counts, not the farewell
            server.close()
    return Taken(reference)


def _refusal(code: int, words: bytes | str) -> Exception:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return (Refused if code >= PERMANENT else Unavailable)(f"{code} {text}")
