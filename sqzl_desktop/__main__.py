"""python -m sqzl_desktop: the window, or a command."""

import sys

from sqzl_desktop.app import main

if __name__ == "__main__":
    sys.exit(main())
