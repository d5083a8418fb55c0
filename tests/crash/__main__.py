"""The crash test by hand: `python -m tests.crash --kills 50 --seed 7`, with `--database` for PostgreSQL."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import warnings
from pathlib import Path

from bot.engine.model import load_engine, prepare_model
from tests.crash.killing import crash


def main() -> None:
    """Run it, print one line and what went wrong, and exit with 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="how often the program is killed")
    parser.add_argument("--seed", type=int, default=1, help="decides when, and what people do")
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL database; SQLite without it")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    warnings.simplefilter("ignore")
    engine = load_engine(prepare_model())
    with tempfile.TemporaryDirectory() as folder:
        report = crash(
            engine, Path(folder), kills=arguments.kills, seed=arguments.seed, database_url=arguments.database
        )
    print(report.line())
    for problem in report.problems:
        print(f"  {problem}")
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
