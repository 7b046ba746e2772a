"""`python -m cornu`: the command line."""

import sys

from cornu.cli import main

if __name__ == "__main__":
    sys.exit(main())
