"""Months: what they need, their windows, their states, the work on them."""
