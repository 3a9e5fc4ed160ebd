"""``python -m guanxi``: the console commands."""

import sys

from guanxi.config.commands import main

if __name__ == "__main__":
    sys.exit(main())
