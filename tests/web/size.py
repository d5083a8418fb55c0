"""How much the widget weighs on somebody else's page: `python -m tests.web.size` fails above 30 kB gzip."""

from __future__ import annotations

import gzip
import re
import sys

from bot.channels.chat_page import ChatPage, load_texts
from bot.channels.origins import Origins
from bot.settings import PROJECT

__all__ = ["LIMIT", "sizes"]

#: Bytes after gzip of all that a page loads for the tag, the Socket.IO client among it.
LIMIT = 30_000

_WEB = PROJECT / "bot" / "web"
#: What a script loads: other scripts, and the styles that it names.
_NAMED = re.compile(r'"(?:\./|static/)?([\w./]+\.(?:js|css))"')


def sizes() -> dict[str, tuple[int, int]]:
    """Bytes, plain and after gzip, of every file that the tag leads to, and of the largest answer of `/widget`."""
    found: dict[str, tuple[int, int]] = {}
    waiting = ["toward.js"]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            content = (_WEB / name).read_bytes()
            found[name] = _both(content)
            if name.endswith(".js") and not name.startswith("vendor/"):
                waiting += _NAMED.findall(content.decode())
    answers = ChatPage(load_texts(), Origins()).widgets.values()
    found["/widget"] = max(map(_both, answers), key=lambda both: both[1])
    return found


def _both(content: bytes) -> tuple[int, int]:
    return len(content), len(gzip.compress(content, 9, mtime=0))


def main() -> int:
    """Print the list; 1 where it is too much."""
    found = sizes()
    for name, (plain, packed) in found.items():
        print(f"{name:<34}{plain:>9,}{packed:>9,}")
    total = sum(packed for _, packed in found.values())
    print(f"{'all, in bytes':<34}{sum(plain for plain, _ in found.values()):>9,}{total:>9,}  of {LIMIT:,} after gzip")
    if total > LIMIT:
        print("The widget is too large. Take something out, or load it later.")
    return int(total > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
