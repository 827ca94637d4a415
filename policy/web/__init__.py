"""A policy as pages show it, in the admin and in the portal."""
