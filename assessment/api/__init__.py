"""Monthly values, item scores, events and months for programs."""
