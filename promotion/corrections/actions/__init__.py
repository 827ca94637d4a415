"""Writes of corrections: one use-case a file."""
