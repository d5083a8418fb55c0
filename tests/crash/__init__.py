"""The crash test: the whole program is killed again and again while people write to it, and nothing may be lost or doubled.

By hand: `python -m tests.crash --kills 50`
"""
