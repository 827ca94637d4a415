"""The portal's own pages: the shell, signing in, an account's settings, people."""
