"""Writes on public notices: one use-case a file."""
