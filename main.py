"""社区治理: start the desktop program, or one of its commands."""

import sys

from sqzl_desktop.start import main

if __name__ == "__main__":
    sys.exit(main())
