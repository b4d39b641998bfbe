"""`python -m cxmodel`: the command line, for a machine where the `cxmodel` command is not on the PATH."""

import sys

from cxmodel.cli import main

if __name__ == "__main__":
    sys.exit(main())
