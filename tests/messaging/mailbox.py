"""A mail server on this machine that speaks as much of RFC 3501 as a client needs that reads what is unread.

There are servers on PyPI, none of them kept up; this one answers what imaplib asks, in the form of the standard: literals
with their length, answers with the tag of the question, numbers that stay.
"""

import re
import socketserver
import threading
from contextlib import contextmanager

FETCH = re.compile(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        self.say("* OK ready")
        for raw in self.rfile:
            tag, _space, rest = raw.decode().rstrip("\r\n").partition(" ")
            words = rest.split(" ")
            name = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
            box = self.server.box
            box.asked.append(name)
            if name in box.breaks:
                return
            if name in box.refuses:
                self.say(f"{tag} NO not now")
                continue
            getattr(self, name.replace(" ", "_").lower())(rest)
            self.say(f"{tag} OK done")
            if name == "LOGOUT":
                return

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def capability(self, _rest):
        self.say("* CAPABILITY IMAP4rev1")

    def login(self, rest):
        self.server.box.logins.append(rest.split(" ", 1)[1])

    def select(self, _rest):
        self.say(f"* {len(self.server.box.mails)} EXISTS")

    def logout(self, _rest):
        self.say("* BYE")

    def uid_search(self, _rest):
        unread = [str(number) for number in self.server.box.mails if number not in self.server.box.seen]
        self.say(" ".join(["* SEARCH", *unread]))

    def uid_fetch(self, rest):
        number, most = (int(value) for value in FETCH.search(rest).groups())
        content = self.server.box.mails.get(number)
        if content is not None:
            part = content[:most]
            self.wfile.write(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(part)}}}\r\n".encode() + part + b")\r\n")

    def uid_store(self, rest):
        assert r"+FLAGS (\Seen)" in rest
        self.server.box.seen.add(int(rest.split(" ")[2]))


class Box:
    """A mailbox: its mails by number, which of them were read, and how the server shall behave."""

    def __init__(self):
        self.mails, self.seen, self.logins, self.asked = {}, set(), [], []
        self.refuses, self.breaks = set(), set()

    def deliver(self, content):
        """Put a mail into the box and return its number."""
        number = len(self.mails) + 7
        self.mails[number] = content if isinstance(content, bytes) else content.as_bytes()
        return number


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def running():
    """A server with an empty box: the box, and its port."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = Box()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.box, server.server_address[1]
        server.shutdown()
        thread.join()
