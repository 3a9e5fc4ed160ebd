"""What imports tell the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class ImportEnded(Event):
    """A file was written, was undone, or could be neither; who started it wants to know."""

    run_id: int
    person_id: int | None
    file_name: str
    state: str
    added: int
    changed: int
