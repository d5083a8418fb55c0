"""One pipeline in a process of its own: trains on a file of examples, then says what it understands of JSON lines.

    python -m benchmarks.understanding.reader CONFIG NLU FOLDER < {"text": ...} lines > JSON lines

The first line out says how long training took; the last one how much memory the process came to.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


def main(config: Path, nlu: Path, folder: Path) -> None:
    """Train, then answer line by line."""
    from bot.engine.without_tensorflow import keep_out

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    ours = keep_out(config)
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    configure_structlog(40)
    started = time.perf_counter()
    model = train_nlu(str(config), str(nlu), str(folder))
    print(json.dumps({"train_seconds": time.perf_counter() - started}), file=answers, flush=True)
    processor: Any = Agent.load(model).processor
    processor._check_for_unseen_features = lambda parse_data: None
    screen = _gate() if ours else lambda text: None
    for line in sys.stdin:
        text = json.loads(line)["text"]
        began = time.perf_counter()
        screen(text)
        parsed = asyncio.run(processor.parse_message(UserMessage(text, sender_id="reader")))
        milliseconds = (time.perf_counter() - began) * 1000
        # The best intent by its own confidence; a fallback is told apart, because it hides what was nearest.
        ranking = [each for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback"]
        best = ranking[0] if ranking else parsed["intent"]
        answer = {
            "intent": parsed["intent"]["name"],
            "best": best["name"],
            "confidence": float(best["confidence"] or 0.0),
            "themes": _themes(parsed) if ours else [],
            "ms": milliseconds,
        }
        print(json.dumps(answer), file=answers, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"memory_mb": peak / 1e6}), file=answers, flush=True)


def _gate() -> Any:
    """Safety reads every message, too: its time is part of the message's."""
    from bot.safety.gate import Gate
    from bot.settings import PROJECT
    from bot.understanding.minilm import encode

    return Gate.load(PROJECT / "data", encode).screen


def _themes(parsed: dict[str, Any]) -> list[str]:
    from bot.understanding.heard import heard_in

    return list(heard_in(parsed).themes)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
