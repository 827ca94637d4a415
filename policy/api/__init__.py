"""Policies for programs: versions with their documents, and where they are in force."""
