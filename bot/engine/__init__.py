"""Rasa as a library: training, loading, and answering one message within a turn."""
