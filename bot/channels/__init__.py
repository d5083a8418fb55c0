"""Where messages arrive and bubbles leave: Telegram, the web page, Rasa's REST contract, the terminal."""
