"""What Toward costs beside a fresh `rasa init` bot: start, memory, load and long conversations, measured in one run."""
