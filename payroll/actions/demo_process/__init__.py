"""Applications, rounds, notices, cases and corrections of the demonstration's company, through the product's own acts."""
