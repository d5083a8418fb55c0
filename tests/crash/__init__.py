"""The crash test: the program is killed again and again while people write to it; nothing may be lost or doubled.

By hand: `python -m tests.crash --kills 50`
"""
