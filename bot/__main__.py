"""`python -m bot` is the command `toward`."""

from bot.cli import main

main()
