// The shell loads a library for charts on every page. Nothing here draws with it, so this stands in its place.
