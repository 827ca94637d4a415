"""Pages about people's tiers: one's own, and those of the people in one's scope."""
