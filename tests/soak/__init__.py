"""The soak: a thousand people write to the real program through a Telegram on which much goes wrong.

By hand: `python -m tests.soak --chats 1000`; smaller while working on it: `--chats 60 --seconds 15`
"""
