"""The library the coach suggests from: what an idea is, how the files are checked, how one is picked."""

from bot.library.filters import Filters
from bot.library.shelf import Shelf, check

__all__ = ["Filters", "Shelf", "check"]
