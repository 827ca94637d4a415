"""Pay records for programs."""
