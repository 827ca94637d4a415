"""People, departments and absences for programs."""
