"""青岚信息, the company of the demonstration: some 260 people with two years behind them, the same on the same day."""
