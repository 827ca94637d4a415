"""Writes of the sweep."""
