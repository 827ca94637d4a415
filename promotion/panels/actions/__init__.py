"""What is done with rounds: one write use-case a file."""
