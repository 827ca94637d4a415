"""Standings, explanations and runs for programs."""
