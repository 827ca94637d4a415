"""Writes on vacant posts: one use-case a file."""
