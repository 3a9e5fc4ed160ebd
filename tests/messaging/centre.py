"""Message centres on this machine: a real one (smpp34), and one that misbehaves octet by octet."""

import asyncio
import socket
import threading
from contextlib import contextmanager

import smpp34

HERE = "127.0.0.1"


def free_port():
    with socket.create_server((HERE, 0)) as free:
        return free.getsockname()[1]


class Centre:
    """A message centre in a thread of its own: keeps what it gets, answers as ``refusals`` say, delivers what waits."""

    def __init__(self, port):
        self.port, self.got, self.waiting, self.answers, self.refusals, self.binds = port, [], [], [], {}, 0
        self._loop = asyncio.new_event_loop()
        self._server = smpp34.Server(HERE, port, system_id="centre")
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)
        self._ready = threading.Event()

    def start(self):
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)
        self._loop.close()

    async def _run(self):
        self._task = asyncio.current_task()
        await self._server.start()
        self._ready.set()
        esme, tasks = None, set()
        try:
            while True:
                event = await self._server.next()
                if isinstance(event, smpp34.Esme):
                    esme, self.binds = event, self.binds + 1
                elif isinstance(event, smpp34.SubmitSmEvent):
                    self._submitted(event)
                if esme and not isinstance(event, smpp34.Unbound):
                    tasks.add(asyncio.create_task(self._deliver(esme)))
        except asyncio.CancelledError:
            await self._server.stop()

    def _submitted(self, event):
        status = self.refusals.get(event.destination_addr) or self.refusals.get(len(self.got))
        if status:
            event.reject(status)
            return
        self.got.append(event)
        event.accept(f"m-{len(self.got)}")

    async def _deliver(self, esme):
        while self.waiting:
            source, text, more = self.waiting.pop(0)
            answer = await esme.deliver_sm("95100", text, source_addr=source, **more)
            self.answers.append(answer.command_status)

    def deliver(self, source, text, **more):
        """Let something wait for the next who binds."""
        self.waiting.append((source, text if isinstance(text, bytes) else text.encode(), more))

    def report(self, number, state="DELIVRD", error="000", source="13800138000"):
        """Let a report wait, in the form of appendix B."""
        text = (
            f"id:{number} sub:001 dlvrd:001 submit date:2606100200 done date:2606100201 stat:{state} err:{error} text:"
        )
        self.deliver(source, text, esm_class=0x04)


@contextmanager
def running():
    made = Centre(free_port())
    made.start()
    try:
        yield made
    finally:
        made.stop()
