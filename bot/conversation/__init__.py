"""The one path of every message: inbox, turn, outbox, reminders."""
