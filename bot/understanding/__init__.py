"""Components of Rasa that read a message: sentence encoder, intents, themes, quotes, wishes."""
