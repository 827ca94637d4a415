"""Writes to the ledger: one use-case a file."""
