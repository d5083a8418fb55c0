"""Toward, the program around Rasa."""
