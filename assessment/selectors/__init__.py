"""Reads of the month's facts."""
