"""How well people are understood, beside Rasa's default pipeline on the same examples in the same run."""
