"""What the general manager decides, in one place: applications with their files, ties, appeals."""
