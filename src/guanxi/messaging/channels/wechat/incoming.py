"""What WeChat brings to an official account: messages and events as ElementTree."""

from dataclasses import dataclass
from xml.etree import ElementTree

from guanxi.messaging.channels.wechat.crypt import Forged

LONGEST = 100_000
SCENE = "qrscene_"


@dataclass(frozen=True)
class Incoming:
    """A message or an event of one who follows the account, in the words of the protocol."""

    openid: str
    created: int
    kind: str
    event: str = ""
    words: str = ""
    number: str = ""
    scene: str = ""
    status: str = ""

    @property
    def reference(self) -> str:
        """Return the number of it; one without is known by follower and second."""
        return self.number or f"{self.openid}-{self.created}"


def fields(text: bytes) -> dict[str, str]:
    """Read the fields of a message.

    :raises Forged: it is no message: too long, no XML, with declarations.
    """
    if len(text) > LONGEST or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Forged("not a message")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 -- declarations of documents are refused before
    except ElementTree.ParseError as error:
        raise Forged("not a message") from error
    return {item.tag: (item.text or "").strip().replace("\0", "") for item in root}


def read(text: bytes) -> Incoming:
    """Read a message or an event.

    :raises Forged: it is none.
    """
    held = fields(text)
    if not held.get("FromUserName") or not held.get("CreateTime", "").isdecimal():
        raise Forged("not a message")
    kind = held.get("MsgType", "")
    scene = held.get("EventKey", "")
    return Incoming(
        openid=held["FromUserName"][:120], created=int(held["CreateTime"]), kind=kind,
        event=held.get("Event", "").upper(), words=_words(kind, held)[:4000],
        number=(held.get("MsgId") or held.get("MsgID") or "")[:65], scene=scene.removeprefix(SCENE),
        status=held.get("Status", ""),
    )  # fmt: skip


def _words(kind: str, held: dict[str, str]) -> str:
    """Return what somebody wrote; of anything else its kind, and what stands beside it."""
    if kind == "text":
        return held.get("Content", "")
    beside = held.get("Recognition") or held.get("Label") or held.get("Title") or ""
    return f"[{kind}] {beside}".strip()
