"""Public notices 公示: what was decided is posted for objection before it takes effect."""
