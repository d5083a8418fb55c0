"""`python -m bot.content [project]` prints what is wrong, one finding a line.

Exit status: 0 when nothing is wrong, 1 when something is, 2 when it could not be checked.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.content import examine
from bot.errors import TowardError

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Checks the project in the given folder, or in the current one."""
    try:
        report = examine(Path(arguments[0] if arguments else ".").resolve())
    except TowardError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in report.findings:
        print(finding)
    counts = f"{report.texts:,} texts, {report.examples:,} examples"
    print(f"{counts}: {len(report.findings) or 'no'} finding{'s' * (len(report.findings) != 1)}")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
