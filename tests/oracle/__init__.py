"""The main policy a second time, in plain Python and without the product's code: what the sweep is held against."""
