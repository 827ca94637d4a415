"""Months: their states, gaps, reminders, sealing, and HR's pages on them."""
