#!/usr/bin/env python3
"""Sets Masume up and runs it: python3 run.py --help. Needs only Python 3.11 or newer and pip."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 – this file must still parse where it has to say so
    sys.exit(
        "Masume には Python 3.11 以上が必要です(この python は {}.{} です)。"
        "新しい Python を入れ、たとえば python3.12 run.py のように実行してください。".format(
            *sys.version_info
        )
    )

from bootstrap.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
