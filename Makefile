# Everything sets itself up: git, make and any Python 3 (3.8 or later, with venv) are enough.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help setup run chat train test lint format bench evaluate safety soak scripts dialogues widget-size demo doctor clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	@$(PYTHON) -m venv .tools || { echo "make: $(PYTHON) has no venv. Install it (Debian: apt install python3-venv), or name another: make PYTHON=python3.11"; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# uv takes CPython 3.10 from the machine, or fetches it where there is none.
.venv/.ready: uv.lock pyproject.toml .python-version | $(UV)
	@echo "Installing the locked packages (the first time takes a few minutes)"
	@$(UV) sync --locked --quiet
	@touch $@

setup: .venv/.ready  ## uv, CPython 3.10 and the locked packages

run: setup  ## the coach: web page, Telegram if there is a token, reminders
	@$(BIN)/toward run

chat: setup  ## the coach in the terminal
	@$(BIN)/toward chat

train: setup  ## train, where something changed
	@$(BIN)/toward train

test: setup  ## all tests
	@$(BIN)/toward train
	@$(BIN)/pytest -n 2 --dist loadfile

lint: setup  ## style, types, layers, texts, examples
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Formatting differs: make format"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bot.content
	@$(BIN)/toward ideas check

format: setup  ## put the code into its form
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: setup  ## measure against a fresh `rasa init` bot
	@$(BIN)/toward train
	@$(BIN)/python -m benchmarks

evaluate: setup  ## measure understanding against Rasa's default pipeline (REAL=messages.tsv adds real messages)
	@$(BIN)/python -m benchmarks.understanding $(if $(REAL),--real $(REAL))

safety: setup  ## measure what safety promises (REAL=messages.tsv adds real messages)
	@$(BIN)/toward train
	@$(BIN)/python -m tests.safety $(if $(REAL),--real $(REAL))

soak: setup  ## a thousand Telegram chats on a bad day: what is lost, doubled, out of order, too fast (3 minutes)
	@$(BIN)/toward train
	@$(BIN)/python -m tests.soak --report reports/telegram.json

scripts: setup  ## measure that safety stands above scripts: random ones, a crisis at every step
	@$(BIN)/toward train
	@$(BIN)/python -m tests.scripts.law

widget-size: setup  ## what the web widget weighs; fails above 30 kB gzip
	@$(BIN)/python -m tests.web.size

demo: setup  ## the page of an invented practice with the widget on it, and the coach behind it
	@$(BIN)/python -m http.server 5080 --bind 127.0.0.1 --directory docs/demo >/dev/null 2>&1 & \
	trap "kill $$!" EXIT; echo "The practice: http://127.0.0.1:5080/"; TOWARD_ORIGINS=http://127.0.0.1:5080 $(BIN)/toward run

dialogues: setup  ## sixty simulated people talk to the coach, and a linter reads along
	@$(BIN)/toward train
	@$(BIN)/python -m tests.dialogues

doctor: setup  ## what is set up, what is missing
	@$(BIN)/toward doctor

clean:  ## everything that can be made again
	rm -rf .venv .tools .rasa models .mypy_cache .ruff_cache .pytest_cache .hypothesis
