"""python -m sqzl_desktop: the window, or a command."""

import sys

from sqzl_desktop.start import main

if __name__ == "__main__":
    sys.exit(main())
