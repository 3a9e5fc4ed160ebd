"""A progress bar with amount, rate and time left; a few plain lines where there is no terminal."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from guanxi.config.commands.speech import tell


@contextmanager
def bar(title: str, total: int, *, unit: str = "") -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how much was done since the last call: of ``unit``, or else bytes."""
    if not sys.stderr.isatty():
        tell(f"{title} …", sys.stderr)
        yield lambda _amount: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "", style="progress.data.speed")

    amounts = (MofNCompleteColumn(), Rate()) if unit else (DownloadColumn(), TransferSpeedColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), *amounts, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=max(total, 1))

        def advance(amount: int) -> None:
            progress.advance(task, amount)
            shown = progress.tasks[0]
            if shown.total is not None and shown.completed > shown.total:
                progress.update(task, total=shown.completed)

        yield advance


@contextmanager
def watching(title: str, look: Callable[[], tuple[str, int, int] | None]) -> Iterator[None]:
    """Show what ``look`` says every half second (step, done, total) until the block ends; it is called in a thread."""
    if not sys.stderr.isatty():
        tell(f"{title} …", sys.stderr)
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    ended = threading.Event()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)

        def follow() -> None:
            while not ended.wait(0.5):
                if now := look():
                    step, done, total = now
                    progress.update(task, description=f"{title}: {step}", completed=done, total=total or None)

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
