"""Writes on applications: one use-case a file."""
