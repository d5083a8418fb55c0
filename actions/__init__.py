"""What the coach does: custom actions for Rasa, one file for each thing; thin, and silent but for the words of domain.yml."""
