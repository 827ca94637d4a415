"""A supervisor's post falls vacant: whoever holds the top tier is listed, and the general manager chooses 储备."""
