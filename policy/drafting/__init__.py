"""A draft of a policy: its text, the values in it, and what it changes."""

from pathlib import Path

#: A whole policy of two tiers, to begin with.
EMPTY = (Path(__file__).resolve().parent / "empty.yaml").read_text(encoding="utf-8")
