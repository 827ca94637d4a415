"""Pages of the portal about a month: entering it, reading what was reported about oneself, doubting it."""
