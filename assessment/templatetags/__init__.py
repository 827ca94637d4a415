"""Tags of the board of results."""
