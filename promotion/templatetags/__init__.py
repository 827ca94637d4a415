"""Tags of the sweep's and the months' pages."""
