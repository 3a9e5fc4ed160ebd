"""``make bench``: what our layers cost above a floor that is measured in the same run.

Works in a copy of the tests' database, so the embedded server of the tests is used (or started). Prints
``name  ours  floor  ratio``; nothing fails when a number is large.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]


def prepare() -> None:
    """Make the database, the translations and the static files, then set Django up with a pool as in production."""
    from tests import database

    name = database.copy("test_bench")
    os.environ |= {"GUANXI_DB_NAME": name, "DATABASE_POOL": "yes"}
    from guanxi.config.commands import prepare as preparing

    preparing.translate()
    preparing.collect_static()
    import django

    django.setup()


def main() -> int:
    """Run every bench, or those whose file is named on the command line."""
    prepare()
    import ancestry
    import bridge
    import endurance
    import finding
    import forecast
    import imports
    import lists
    import messages
    import nightly
    import pages
    import reading
    import scopes

    import complaints

    every: dict[str, Callable[[], Iterator[object]]] = {
        "lists": lists.results, "scopes": scopes.results, "ancestry": ancestry.results, "bridge": bridge.results,
        "finding": finding.results, "imports": imports.results, "reading": reading.results,
        "endurance": endurance.results, "pages": pages.results, "nightly": nightly.results,
        "forecast": forecast.results, "messages": messages.results, "complaints": complaints.results,
    }  # fmt: skip
    print(f"{'name':<52} {'ours':>13} {'floor':>13} {'ratio':>8}")
    for name in sys.argv[1:] or list(every):
        for result in every[name]():
            print(result, flush=True)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the pool's threads have nothing left to say
