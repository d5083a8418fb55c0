"""The double as a process: `python -m tests.telegram_double --port 8081`. It prints its address, then serves."""

from __future__ import annotations

import argparse

from tests.telegram_double.records import TOKEN
from tests.telegram_double.server import RunningDouble, serve


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_double", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on loopback; a free one without it")
    parser.add_argument("--token", default=TOKEN, help="the token that the bot has to use")
    arguments = parser.parse_args()
    double = RunningDouble(arguments.token)
    server, listener = serve(double, arguments.port)
    print(double.address, flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
